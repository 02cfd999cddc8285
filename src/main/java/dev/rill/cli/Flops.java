package dev.rill.cli;

import dev.rill.layers.Graph;

/** Floating-point operations of a model's products: 2 for each multiply-add. Gates are not counted. */
final class Flops {
  private Flops() {}

  /** Those of one call. */
  static double of(Graph graph, int rows, int steps) {
    double flops = 0;
    for (Graph.Node node : graph.nodes()) {
      if (!node.inputs().isEmpty()) {
        Graph.Ref input = node.inputs().get(0);
        flops += 2.0 * node.layer().multiplyAdds(graph.shape(input)) * rows * (graph.sequence(input) ? steps : 1);
      }
    }
    return flops;
  }
}
