package dev.rill.cli;

import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.TimeDistributed;

/** Floating-point operations of a model's products: 2 for each weight, row and time step. Gates are not counted. */
final class Flops {
  private Flops() {}

  /** Those of one call. */
  static double of(Graph graph, int rows, int steps) {
    double flops = 0;
    for (Graph.Node node : graph.nodes()) {
      if (!node.inputs().isEmpty()) {
        Graph.Ref input = node.inputs().get(0);
        flops += of(node.layer(), graph.shape(input).axis(-1)) * rows * (graph.shape(input).rank() == 3 ? steps : 1);
      }
    }
    return flops;
  }

  private static double of(Layer layer, double inputs) {
    if (layer instanceof Recurrent<?> recurrent) {
      int gates = layer instanceof LSTM ? 4 : layer instanceof GRU ? 3 : 1;
      return 2 * gates * (inputs + recurrent.units()) * recurrent.units();
    }
    if (layer instanceof Dense dense) {
      return 2 * inputs * dense.units();
    }
    return layer instanceof TimeDistributed wrapper ? of(wrapper.layer(), inputs) : 0;
  }
}
