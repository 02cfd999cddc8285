package dev.rill.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines and points over two linear axes, as SVG that is readable on white and on black. Each series carries its exact numbers in
 * {@code data-x} and {@code data-y}; where few, each point says its numbers under the pointer.
 */
final class Plot {
  /** How a series is drawn. */
  enum Style { LINE, DASHED, POINTS }

  static final int WIDTH = 760;
  static final int HEIGHT = 340;
  private static final int LEFT = 70;
  private static final int RIGHT = 740;
  private static final int BOTTOM = 290;
  private static final int TITLE = 30;
  private static final int LEGEND_LINE = 20;
  private static final int LEGEND_COLUMN = 220;
  /** Up to so many points each says its numbers. */
  private static final int TOLD = 500;
  private static final int HUES = 6;
  /** What is larger, and what is not finite, has no place. */
  private static final double MOST = 1e300;

  // Plain colours and no variables: not only browsers show pictures.
  static final String STYLE = """
      <style>
      text { font: 13px system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
      .ground { fill: #ffffff } .title { font-size: 16px; font-weight: 600 } .faint { fill: #59636e; font-size: 12px }
      .grid { stroke: #d1d9e0; fill: none } .axis { stroke: #59636e; fill: none } .mark { stroke: #59636e; stroke-dasharray: 2 4 }
      .line { fill: none; stroke-width: 2; stroke-linejoin: round } .dashed { stroke-dasharray: 6 4 }
      .point { stroke: none } .told { opacity: 0 } .told:hover { opacity: 1 }
      .s0 { stroke: #0b62c4; fill: #0b62c4 } .s1 { stroke: #b3540c; fill: #b3540c } .s2 { stroke: #1a7f37; fill: #1a7f37 }
      .s3 { stroke: #8250df; fill: #8250df } .s4 { stroke: #cf222e; fill: #cf222e } .s5 { stroke: #57606a; fill: #57606a }
      .box { fill: #f6f8fa; stroke: #8c959f } .warn { fill: #fff1e5; stroke: #b3540c } .edge { stroke: #59636e; fill: none }
      .cell { stroke: none } .dark { fill: #ffffff }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .ground { fill: #0d1117 } .faint { fill: #9198a1 } .grid { stroke: #2a313a } .axis { stroke: #9198a1 }
        .mark { stroke: #9198a1 }
        .s0 { stroke: #6cb0ff; fill: #6cb0ff } .s1 { stroke: #f5a35c; fill: #f5a35c } .s2 { stroke: #57d364; fill: #57d364 }
        .s3 { stroke: #c297ff; fill: #c297ff } .s4 { stroke: #ff7b72; fill: #ff7b72 } .s5 { stroke: #9198a1; fill: #9198a1 }
        .box { fill: #151b23; stroke: #656d76 } .warn { fill: #2b1d10; stroke: #f5a35c } .edge { stroke: #9198a1 }
        .dark { fill: #0d1117 }
      }
      .line { fill: none } .cell { stroke: none }
      </style>
      """;

  private record Series(String label, int hue, Style style, double[] x, double[] y) {
    String dashes() {
      return style == Style.DASHED ? " dashed" : "";
    }
  }

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> all = new ArrayList<>();
  private final List<double[]> marks = new ArrayList<>();
  private double lowX = Double.POSITIVE_INFINITY;
  private double highX = Double.NEGATIVE_INFINITY;
  private double lowY = Double.POSITIVE_INFINITY;
  private double highY = Double.NEGATIVE_INFINITY;
  private boolean counted;
  private int top;

  Plot(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /** Adds a series; hues come round after six. */
  Plot series(String label, int hue, Style style, double[] x, double[] y) {
    all.add(new Series(label, hue % HUES, style, x, y));
    for (int i = 0; i < x.length; i++) {
      include(x[i], y[i]);
    }
    return this;
  }

  /** Makes the axes reach a point. */
  Plot include(double x, double y) {
    if (finite(x) && finite(y)) {
      lowX = Math.min(lowX, x);
      highX = Math.max(highX, x);
      lowY = Math.min(lowY, y);
      highY = Math.max(highY, y);
    }
    return this;
  }

  /** Says that x is counted: whole numbers stand along it. */
  Plot counted() {
    counted = true;
    return this;
  }

  /** Adds lines from the bottom to the top. */
  Plot marks(double[] x) {
    marks.add(x);
    return this;
  }

  private static boolean finite(double value) {
    return Math.abs(value) <= MOST;
  }

  /** How high it is, legend included. */
  int height() {
    return HEIGHT + LEGEND_LINE * legendLines();
  }

  private int legendLines() {
    return all.size() < 2 ? 0 : (all.size() * LEGEND_COLUMN + RIGHT - LEFT - 1) / (RIGHT - LEFT);
  }

  /** A picture of this plot alone. */
  String svg() {
    return svg(List.of(this), title);
  }

  /** A picture of several, one above the other. */
  static String svg(List<Plot> plots, String title) {
    int height = 0;
    StringBuilder inner = new StringBuilder();
    for (Plot plot : plots) {
      inner.append(format("<g class=\"plot\" data-title=\"%s\" transform=\"translate(0 %d)\">\n", Page.escape(plot.title), height));
      plot.draw(inner);
      inner.append("</g>\n");
      height += plot.height();
    }
    return frame(WIDTH, height, title, inner);
  }

  static String frame(int width, int height, String title, CharSequence inner) {
    return format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n<title>%s"
        + "</title>\n", width, height, width, height, Page.escape(title)) + STYLE
        + format("<rect width=\"%d\" height=\"%d\" rx=\"6\" class=\"ground\"/>\n", width, height) + inner + "</svg>\n";
  }

  private void draw(StringBuilder svg) {
    top = TITLE + 18 + LEGEND_LINE * legendLines();
    int bottom = BOTTOM + LEGEND_LINE * legendLines();
    double[] x = counted ? Ticks.whole(lowX, highX) : Ticks.of(lowX, highX);
    double[] y = Ticks.of(lowY, highY);
    lowX = Math.min(lowX, x[0]);
    highX = Math.max(highX, x[x.length - 1]);
    lowY = Math.min(lowY, y[0]);
    highY = Math.max(highY, y[y.length - 1]);
    text(svg, "title", 20, TITLE - 4, "start", title);
    legend(svg);
    for (double tick : y) {
      svg.append(format("<path class=\"grid\" d=\"M%d %.2fH%d\"/>\n", LEFT, down(tick, bottom), RIGHT));
      text(svg, "faint", LEFT - 8, down(tick, bottom) + 4, "end", Ticks.text(tick, y));
    }
    for (double tick : x) {
      svg.append(format("<path class=\"axis\" d=\"M%.2f %dv5\"/>\n", across(tick), bottom));
      text(svg, "faint", across(tick), bottom + 20, "middle", Ticks.text(tick, x));
    }
    svg.append(format("<path class=\"axis\" d=\"M%d %dH%d\"/>\n", LEFT, bottom, RIGHT));
    text(svg, "faint", RIGHT, bottom + 38, "end", xLabel);
    text(svg, "faint", RIGHT, TITLE - 4, "end", yLabel);
    for (double[] each : marks) {
      for (double mark : each) {
        svg.append(format("<path class=\"mark\" data-x=\"%s\" d=\"M%.2f %dV%d\"/>\n", mark, across(mark), top, bottom));
      }
    }
    for (Series series : all) {
      draw(svg, series, bottom);
    }
  }

  private void legend(StringBuilder svg) {
    int columns = (RIGHT - LEFT) / LEGEND_COLUMN;
    for (int i = 0; all.size() > 1 && i < all.size(); i++) {
      Series series = all.get(i);
      double x = LEFT + i % columns * (double) LEGEND_COLUMN;
      double y = TITLE + 16 + i / columns * (double) LEGEND_LINE;
      svg.append(series.style == Style.POINTS
          ? format("<circle class=\"point s%d\" cx=\"%.0f\" cy=\"%.0f\" r=\"4\"/>\n", series.hue, x + 10, y - 4)
          : format("<path class=\"s%d line%s\" d=\"M%.0f %.0fh22\"/>\n", series.hue, series.dashes(), x, y - 4));
      String label = series.label.length() > 26 ? series.label.substring(0, 25) + "…" : series.label;
      text(svg, "faint", x + 28, y, "start", label);
    }
  }

  private void draw(StringBuilder svg, Series series, int bottom) {
    svg.append(format("<g class=\"series\" data-label=\"%s\" data-x=\"%s\" data-y=\"%s\">\n", Page.escape(series.label),
        numbers(series.x), numbers(series.y)));
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < series.x.length && series.style != Style.POINTS; i++) {
      boolean there = finite(series.x[i]) && finite(series.y[i]);
      if (there) {
        path.append(format("%s%.2f %.2f", pen ? "L" : "M", across(series.x[i]), down(series.y[i], bottom)));
      }
      pen = there;
    }
    if (path.length() > 0) {
      svg.append(format("<path class=\"s%d line%s\" d=\"%s\"/>\n", series.hue, series.dashes(), path));
    }
    boolean points = series.style == Style.POINTS;
    for (int i = 0; i < series.x.length && (points || series.x.length <= TOLD); i++) {
      if (finite(series.x[i]) && finite(series.y[i])) {
        String circle = format("<circle class=\"point s%d%s\" cx=\"%.2f\" cy=\"%.2f\" r=\"%s\"", series.hue, points ? "" : " told",
            across(series.x[i]), down(series.y[i], bottom), points ? "2.5" : "5");
        svg.append(circle).append(series.x.length > TOLD ? "/>\n"
            : format("><title>%s, %s: %s</title></circle>\n", Page.escape(series.label), number(series.x[i]), number(series.y[i])));
      }
    }
    svg.append("</g>\n");
  }

  private double across(double x) {
    return LEFT + (highX > lowX ? (x - lowX) / (highX - lowX) : 0.5) * (RIGHT - LEFT);
  }

  private double down(double y, int bottom) {
    return bottom - (highY > lowY ? (y - lowY) / (highY - lowY) : 0.5) * (bottom - top);
  }

  /** Exact, and without a dot where whole. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value) : String.valueOf(value);
  }

  private static String numbers(double[] values) {
    StringBuilder text = new StringBuilder();
    for (double value : values) {
      text.append(text.length() == 0 ? "" : " ").append(number(value));
    }
    return text.toString();
  }

  static void text(StringBuilder svg, String classes, double x, double y, String anchor, String text) {
    svg.append(format("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", classes, x, y, anchor,
        Page.escape(text)));
  }

  static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
