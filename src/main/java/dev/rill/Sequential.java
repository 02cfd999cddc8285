package dev.rill;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Require;
import java.util.Arrays;

/** A model that is a chain of layers, each reading the one before it. */
public final class Sequential extends Model {
  private Sequential(Graph graph) {
    super(graph);
  }

  /**
   * Builds a chain.
   *
   * @param input where it starts, from {@link Input}
   * @param layers at least one layer
   * @return a model with fresh weights, see {@link Model#initialize}
   * @throws dev.rill.tensor.RillException if shapes or names do not fit
   */
  public static Sequential of(Symbol input, Layer... layers) {
    Require.given(layers, "the layers of a sequential model");
    return new Sequential(Graph.sequential("sequential", input, Arrays.asList(layers)));
  }
}
