package dev.rill.charts;

import dev.rill.Model;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model as a graph: who feeds whom, shapes, numbers of weights, what each stream carries, where masks go, and which layers stand in
 * the way of streaming.
 */
public final class ModelGraph extends Picture {
  private static final int BOX = 250;
  private static final int GAP = 30;
  private static final int LINE = 17;
  private static final int BETWEEN = 44;
  private static final int TOP = 66;
  /** Characters that a box holds. */
  private static final int CHARACTERS = 36;

  /** Room that an edge takes where it passes boxes by. */
  private static final int PASSAGE = 16;

  /** A node with its place, or the place where an edge passes a rank by. */
  private static final class Box {
    final List<String> lines = new ArrayList<>();
    final Graph.Node node;
    /** What stands one rank above and leads here. */
    final List<Box> above = new ArrayList<>();
    boolean obstacle;
    int rank;
    double order;
    double x;
    double y;

    Box(Graph.Node node) {
      this.node = node;
    }

    double width() {
      return node == null ? PASSAGE : BOX;
    }

    double height() {
      return node == null ? 0 : LINE * lines.size() + 14;
    }

    double middle() {
      return x + width() / 2;
    }
  }

  private final Graph graph;

  /**
   * Describes the picture.
   *
   * @param model whose structure is shown
   */
  public ModelGraph(Model model) {
    graph = Require.given(model, "the model").graph();
  }

  private List<Box> boxes() {
    Map<String, List<Variable>> variables = graph.variables();
    Map<String, Integer> applications = graph.applications();
    List<Box> boxes = new ArrayList<>();
    for (Graph.Node node : graph.nodes()) {
      Box box = new Box(node);
      Layer layer = node.layer();
      String again = node.application() > 0 ? ", application " + (node.application() + 1) : "";
      box.lines.add(PlainText.shown(layer.name()) + again);
      box.lines.add(layer.className());
      wrap(shapes(node.outputs()), box.lines);
      long weights = 0;
      for (Layer part : graph.parts(layer)) {
        for (Variable variable : variables.getOrDefault(part.name(), List.of())) {
          weights += variable.shape().size();
        }
      }
      if (weights > 0) {
        box.lines.add(Plot.format("%,d weights", weights) + (graph.trained(layer) ? "" : ", not trained"));
      }
      describe(box, applications.getOrDefault(layer.name(), 1));
      for (Graph.Ref ref : inputs(node)) {
        box.rank = Math.max(box.rank, boxes.get(ref.node()).rank + 1);
      }
      boxes.add(box);
    }
    return boxes;
  }

  /** State, masks, obstacles. */
  private void describe(Box box, int applications) {
    Graph.Node node = box.node;
    if (node.inputs().isEmpty()) {
      return;
    }
    List<State.Plane> kept = node.layer().state(graph.shapes(node.inputs()));
    if (!kept.isEmpty()) {
      StringBuilder text = new StringBuilder("a stream carries");
      for (State.Plane plane : kept) {
        text.append(' ').append(plane.kind()).append('[').append(plane.units()).append(']');
      }
      box.lines.add(text.toString());
    }
    if (node.appliedMask() != null && !node.appliedMask().every()) {
      box.lines.add("passes over masked steps");
    } else if (node.mask() != null) {
      box.lines.add("hands on a mask");
    }
    String why = obstacle(graph, node, applications > 1);
    List<Layer> parts = graph.parts(node.layer());
    for (Graph.Node inside : graph.unfolded().nodes()) {
      why = why == null && parts.contains(inside.layer()) ? obstacle(graph.unfolded(), inside, inside.application() > 0) : why;
    }
    if (why != null) {
      box.obstacle = true;
      wrap("does not stream: it " + why, box.lines);
    }
  }

  private static String obstacle(Graph graph, Graph.Node node, boolean again) {
    return node.inputs().isEmpty() ? null
        : node.layer().obstacle(graph.shapes(node.inputs()), !node.initialState().isEmpty(), again);
  }

  private static void wrap(String text, List<String> lines) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > CHARACTERS) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
  }

  private static List<Graph.Ref> inputs(Graph.Node node) {
    List<Graph.Ref> refs = new ArrayList<>(node.inputs());
    refs.addAll(node.initialState());
    return refs;
  }

  private static String shapes(List<Shape> shapes) {
    StringBuilder text = new StringBuilder();
    for (Shape shape : shapes) {
      text.append(text.length() == 0 ? "" : ", ").append(shape);
    }
    return text.toString();
  }

  /** Edges from box to box, through the ranks between them. */
  private static List<List<Box>> edges(List<Box> boxes, List<List<Box>> ranks) {
    List<List<Box>> edges = new ArrayList<>();
    for (Box box : boxes) {
      while (ranks.size() <= box.rank) {
        ranks.add(new ArrayList<>());
      }
      ranks.get(box.rank).add(box);
      for (Graph.Ref ref : inputs(box.node)) {
        List<Box> edge = new ArrayList<>(List.of(boxes.get(ref.node())));
        for (int rank = edge.get(0).rank + 1; rank < box.rank; rank++) {
          Box passage = new Box(null);
          passage.rank = rank;
          passage.above.add(edge.get(edge.size() - 1));
          ranks.get(rank).add(passage);
          edge.add(passage);
        }
        box.above.add(edge.get(edge.size() - 1));
        edge.add(box);
        edges.add(edge);
      }
    }
    return edges;
  }

  /** Gives every box its place, each rank in the order of what stands above; returns the size of all. */
  private static double[] place(List<List<Box>> ranks) {
    double width = BOX;
    for (List<Box> rank : ranks) {
      width = Math.max(width, width(rank));
    }
    double y = TOP;
    for (List<Box> rank : ranks) {
      for (Box box : rank) {
        double sum = 0;
        for (Box above : box.above) {
          sum += above.middle();
        }
        box.order = box.above.isEmpty() ? 0 : sum / box.above.size();
      }
      rank.sort(Comparator.comparingDouble(box -> box.order));
      double x = GAP + (width - width(rank)) / 2;
      double height = 0;
      for (Box box : rank) {
        box.x = x;
        box.y = y;
        x += box.width() + GAP;
        height = Math.max(height, box.height());
      }
      y += height + BETWEEN;
    }
    return new double[] {width + 2 * GAP, y - BETWEEN + GAP};
  }

  private static double width(List<Box> rank) {
    double width = -GAP;
    for (Box box : rank) {
      width += box.width() + GAP;
    }
    return width;
  }

  /** From the foot of a box to the head of another, straight down beside what it passes. */
  private static String path(List<Box> edge, List<List<Box>> ranks) {
    Box from = edge.get(0);
    double x = from.middle();
    double y = from.y + from.height();
    StringBuilder path = new StringBuilder(Plot.format("M%.1f %.1f", x, y));
    for (int i = 1; i < edge.size(); i++) {
      Box next = edge.get(i);
      double bend = (next.y - y) / 2;
      path.append(Plot.format("C%.1f %.1f %.1f %.1f %.1f %.1f", x, y + bend, next.middle(), next.y - bend, next.middle(), next.y));
      x = next.middle();
      y = next.y;
      if (next.node == null) {
        double tallest = 0;
        for (Box beside : ranks.get(next.rank)) {
          tallest = Math.max(tallest, beside.height());
        }
        y += tallest;
        path.append(Plot.format("V%.1f", y));
      }
    }
    return path.append("m-4 -7l4 7l4 -7").toString();
  }

  @Override
  public String svg() {
    List<Box> boxes = boxes();
    List<List<Box>> ranks = new ArrayList<>();
    List<List<Box>> edges = edges(boxes, ranks);
    double[] size = place(ranks);
    String title = PlainText.shown(graph.name());
    StringBuilder svg = new StringBuilder();
    boolean streams = true;
    for (Box box : boxes) {
      streams &= !box.obstacle;
    }
    Plot.text(svg, "title", GAP, 32, "start", title);
    Plot.text(svg, "faint", GAP, 50, "start", streams ? "streams: time may be cut into calls anywhere" : "does not stream, as marked");
    for (List<Box> edge : edges) {
      svg.append(Plot.format("<path class=\"edge\" data-from=\"%s\" data-to=\"%s\" d=\"%s\"/>\n", name(edge.get(0)),
          name(edge.get(edge.size() - 1)), path(edge, ranks)));
    }
    for (Box box : boxes) {
      svg.append(Plot.format("<g class=\"layer\" data-name=\"%s\"><rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
          + "rx=\"6\"/>\n", name(box), box.obstacle ? "warn" : "box", box.x, box.y, BOX, box.height()));
      for (int i = 0; i < box.lines.size(); i++) {
        String line = box.lines.get(i);
        Plot.text(svg, i == 0 ? "" : "faint", box.x + 12, box.y + LINE * (i + 1) + 3, "start",
            line.length() > CHARACTERS ? line.substring(0, CHARACTERS - 1) + "…" : line);
      }
      svg.append("<title>").append(box.lines.stream().map(Page::escape).collect(Collectors.joining("&#10;"))).append("</title></g>\n");
    }
    return Plot.frame((int) Math.ceil(size[0]), (int) Math.ceil(size[1]), title, svg);
  }

  private static String name(Box box) {
    return Page.escape(box.lines.get(0));
  }

  @Override
  public String html() {
    return Page.of(PlainText.shown(graph.name()), List.of(svg()));
  }
}
