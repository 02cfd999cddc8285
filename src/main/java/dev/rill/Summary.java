package dev.rill;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The table that Keras prints of a model: the same columns, widths and wrapping. */
final class Summary {
  private static final int[] CHAIN = {33, 24, 15};
  private static final int[] CONNECTED = {21, 19, 12, 19};

  private Summary() {}

  static String of(Graph graph, Weights weights) {
    int[] widths = chain(graph) ? CHAIN : CONNECTED;
    StringBuilder table = new StringBuilder("Model: \"" + PlainText.shown(graph.name()) + "\"\n");
    rule(table, widths, "┏━┳┓");
    row(table, widths, '┃', List.of(List.of("Layer (type)"), List.of("Output Shape"), List.of("Param #"), List.of("Connected to")));
    rule(table, widths, "┡━╇┩");
    Map<Layer, List<String>> sources = sources(graph);
    boolean first = true;
    for (Layer layer : graph.layers()) {
      if (graph.sequential() && layer.isInput()) {
        continue;
      }
      if (!first) {
        rule(table, widths, "├─┼┤");
      }
      first = false;
      row(table, widths, '│', cells(graph, weights, layer, sources.getOrDefault(layer, List.of()), widths));
    }
    rule(table, widths, "└─┴┘");
    long total = weights.values().length;
    String params = String.format(Locale.ROOT, "%,d (%s)\n", total, bytes(4 * total));
    return table + " Total params: " + params + " Trainable params: " + params + " Non-trainable params: 0 (0.00 B)\n";
  }

  /** Whether every layer reads the one before it, so that a column that says so is left out. */
  private static boolean chain(Graph graph) {
    for (int n = 1; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      if (node.inputs().size() != 1 || node.inputs().get(0).node() != n - 1 || !node.initialState().isEmpty()) {
        return false;
      }
    }
    return graph.nodes().size() == graph.layers().size();
  }

  /** What each layer reads, in the order of its applications. */
  private static Map<Layer, List<String>> sources(Graph graph) {
    List<Graph.Node> nodes = new ArrayList<>(graph.nodes());
    nodes.sort(Comparator.comparingInt(Graph.Node::application));
    Map<Layer, List<String>> sources = new IdentityHashMap<>();
    for (Graph.Node node : nodes) {
      List<Graph.Ref> refs = new ArrayList<>(node.inputs());
      refs.addAll(node.initialState());
      List<String> own = sources.computeIfAbsent(node.layer(), layer -> new ArrayList<>());
      refs.forEach(ref -> own.add(graph.layerName(ref) + "[" + graph.nodes().get(ref.node()).application() + "][" + ref.output() + "]"));
    }
    return sources;
  }

  private static List<List<String>> cells(Graph graph, Weights weights, Layer layer, List<String> sources, int[] widths) {
    List<Shape> outputs = graph.firstNode(layer).outputs();
    String shapes = outputs.size() == 1 ? outputs.get(0).toString()
        : outputs.stream().map(Shape::toString).collect(Collectors.joining(", ", "[", "]"));
    long params = weights.slices(layer.name()).stream().mapToLong(Weights.Slice::size).sum();
    List<String> connected = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      connected.add(cut(sources.get(i) + (i + 1 < sources.size() ? "," : ""), widths[widths.length - 1] - 2));
    }
    return List.of(wrap(PlainText.shown(layer.name()) + " (" + layer.className() + ")", widths[0] - 2), wrap(shapes, widths[1] - 2),
        List.of(String.format(Locale.ROOT, "%,d", params)), connected.isEmpty() ? List.of("-") : connected);
  }

  /** Breaks a text at spaces; a word that is too long is cut. */
  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line);
        line = "";
      }
      line = cut(line.isEmpty() ? word : line + " " + word, width);
    }
    lines.add(line);
    return lines;
  }

  private static String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    // Not through the middle of a surrogate pair.
    return text.substring(0, width - (Character.isHighSurrogate(text.charAt(width - 2)) ? 2 : 1)) + "…";
  }

  private static void rule(StringBuilder table, int[] widths, String corners) {
    for (int i = 0; i < widths.length; i++) {
      table.append(corners.charAt(i == 0 ? 0 : 2)).append(corners.substring(1, 2).repeat(widths[i]));
    }
    table.append(corners.charAt(3)).append('\n');
  }

  private static void row(StringBuilder table, int[] widths, char edge, List<List<String>> cells) {
    int lines = 0;
    for (int i = 0; i < widths.length; i++) {
      lines = Math.max(lines, cells.get(i).size());
    }
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < widths.length; i++) {
        String text = line < cells.get(i).size() ? cells.get(i).get(line) : "";
        String gap = " ".repeat(widths[i] - 2 - text.length());
        // Numbers stand on the right.
        table.append(edge).append(' ').append(i == 2 ? gap + text : text + gap).append(' ');
      }
      table.append(edge).append('\n');
    }
  }

  private static String bytes(long bytes) {
    double size = bytes;
    for (String unit : new String[] {"B", "KB", "MB"}) {
      if (size < 1024) {
        return String.format(Locale.ROOT, "%.2f %s", size, unit);
      }
      size /= 1024;
    }
    return String.format(Locale.ROOT, "%.2f GB", size);
  }
}
