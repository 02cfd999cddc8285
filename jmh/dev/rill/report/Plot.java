package dev.rill.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * A picture of some lines on logarithmic axes, as SVG that is readable on white and on black: each line is labelled where it
 * ends, a roof is dashed.
 */
final class Plot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int LEFT = 64;
  private static final int RIGHT = 620;
  private static final int TOP = 64;
  private static final int BOTTOM = 352;
  /** Labels nearer than this would touch. */
  private static final int LABEL = 16;

  // Plain colours and no variables: not only browsers show pictures.
  private static final String STYLE = """
      <style>
        text { font: 13px system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
        .ground { fill: #ffffff }
        .title { font-size: 16px; font-weight: 600 }
        .faint { fill: #656d76; font-size: 12px }
        .grid { stroke: #d8dee4 }
        .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
        .roof { stroke-width: 1.5; stroke-dasharray: 6 5 }
        .label { font-weight: 600 }
        .of-roof { font-weight: 400 }
        .line.a { stroke: #0b62c4 } .fill.a { fill: #0b62c4 }
        .line.b { stroke: #b3540c } .fill.b { fill: #b3540c }
        .line.c { stroke: #656d76 } .fill.c { fill: #656d76 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .ground { fill: #0d1117 }
          .faint { fill: #9198a1 }
          .grid { stroke: #2a313a }
          .line.a { stroke: #6cb0ff } .fill.a { fill: #6cb0ff }
          .line.b { stroke: #f5a35c } .fill.b { fill: #f5a35c }
          .line.c { stroke: #9198a1 } .fill.c { fill: #9198a1 }
        }
      </style>
      """;

  /** @param hue {@code a}, {@code b}, or {@code c} which is grey */
  private record Line(String label, String hue, boolean roof, SortedMap<Double, Double> points) {}

  private record Label(String text, String classes, double y) {}

  private final String title;
  private final String x;
  private final String y;
  private final String caption;
  private final int base;
  private final List<Line> lines = new ArrayList<>();
  private double minX = Double.MAX_VALUE;
  private double maxX;
  private double minY = Double.MAX_VALUE;
  private double maxY;

  /** @param base 2 or 10: ticks of the x axis are its powers */
  Plot(String title, String x, String y, String caption, int base) {
    this.title = title;
    this.x = x;
    this.y = y;
    this.caption = caption;
    this.base = base;
  }

  Plot line(String label, String hue, SortedMap<Double, Double> points) {
    return add(new Line(label, hue, false, points));
  }

  Plot roof(String label, String hue, SortedMap<Double, Double> points) {
    return add(new Line(label, hue, true, points));
  }

  private Plot add(Line line) {
    if (!line.points.isEmpty()) {
      lines.add(line);
      minX = Math.min(minX, line.points.firstKey());
      maxX = Math.max(maxX, line.points.lastKey());
      line.points.values().forEach(value -> {
        minY = Math.min(minY, value);
        maxY = Math.max(maxY, value);
      });
    }
    return this;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  String svg() {
    double low = round(minY / 1.05, false);
    double high = round(maxY * 1.05, true);
    StringBuilder svg = new StringBuilder(format("""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
        <title>%s</title>
        """, WIDTH, HEIGHT, WIDTH, HEIGHT, escape(title))).append(STYLE);
    svg.append(format("<rect width=\"%d\" height=\"%d\" rx=\"6\" class=\"ground\"/>\n", WIDTH, HEIGHT));
    text(svg, "title", 20, 30, "start", title);
    text(svg, "faint", 20, 50, "start", y);
    text(svg, "faint", (LEFT + RIGHT) / 2.0, BOTTOM + 40, "middle", x);
    text(svg, "faint", 20, HEIGHT - 10, "start", caption);
    boolean decades = high / low > 1000;
    for (double tick = low; tick <= high * 1.001; tick = round(tick * 1.1, true)) {
      if (decades && !format("%e", tick).startsWith("1.0")) {
        continue;
      }
      double at = at(tick, low, high, BOTTOM, TOP);
      svg.append(format("<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", LEFT, at, RIGHT));
      text(svg, "faint", LEFT - 8, at + 4, "end", number(tick));
    }
    for (double tick = 1; tick <= maxX * 1.001; tick *= base) {
      if (tick >= minX) {
        double at = at(tick, minX, maxX, LEFT, RIGHT);
        svg.append(format("<path class=\"grid\" d=\"M%.1f %dv5\"/>\n", at, BOTTOM));
        text(svg, "faint", at, BOTTOM + 19, "middle", number(tick));
      }
    }
    List<Label> labels = new ArrayList<>();
    for (Line line : lines) {
      draw(svg, line, low, high);
      double end = at(line.points.get(line.points.lastKey()), low, high, BOTTOM, TOP);
      labels.add(new Label(line.label, "label fill " + line.hue + (line.roof ? " of-roof" : ""), end));
    }
    label(svg, labels);
    return svg.append("</svg>\n").toString();
  }

  private void draw(StringBuilder svg, Line line, double low, double high) {
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (Map.Entry<Double, Double> point : line.points.entrySet()) {
      double px = at(point.getKey(), minX, maxX, LEFT, RIGHT);
      double py = at(point.getValue(), low, high, BOTTOM, TOP);
      path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : "L", px, py));
      dots.append(format("<circle class=\"fill %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"/>\n", line.hue, px, py));
    }
    svg.append(format("<path class=\"line %s%s\" d=\"%s\"/>\n", line.hue, line.roof ? " roof" : "", path));
    svg.append(line.roof ? "" : dots);
  }

  /** From the top down, each below the one before it; then all up again if the last has left the picture. */
  private void label(StringBuilder svg, List<Label> labels) {
    labels.sort(Comparator.comparingDouble(Label::y));
    double[] places = new double[labels.size()];
    double free = TOP;
    for (int i = 0; i < places.length; i++) {
      places[i] = Math.max(free, labels.get(i).y);
      free = places[i] + LABEL;
    }
    double limit = BOTTOM;
    for (int i = places.length - 1; i >= 0; i--) {
      places[i] = Math.min(limit, places[i]);
      limit = places[i] - LABEL;
    }
    for (int i = 0; i < places.length; i++) {
      text(svg, labels.get(i).classes, RIGHT + 10, places[i] + 4, "start", labels.get(i).text);
    }
  }

  private static void text(StringBuilder svg, String classes, double x, double y, String anchor, String text) {
    svg.append(format("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", classes, x, y, anchor, escape(text)));
  }

  private static double at(double value, double low, double high, double from, double to) {
    return low == high ? from : from + (to - from) * Math.log(value / low) / Math.log(high / low);
  }

  /** The next of 1, 2, 5, 10, 20, 50 and so on, up or down. */
  private static double round(double value, boolean up) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    double[] steps = {1, 2, 5, 10};
    for (int i = 0; i < steps.length; i++) {
      double step = steps[up ? i : steps.length - 1 - i] * power;
      if (up ? step >= value * 0.9999 : step <= value * 1.0001) {
        return step;
      }
    }
    return power;
  }

  private static String number(double value) {
    return value >= 1 ? format("%,.0f", value) : format("%.3f", value).replaceAll("0+$", "");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
