package dev.rill.layers;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Weights;
import dev.rill.variables.Initializer;
import dev.rill.variables.VariableRules;
import java.util.List;
import java.util.Map;

/**
 * Initial weights, each variable by its own {@link Initializer}.
 *
 * <p>Every number is a function of (seed, variable, index), so a seed means the same weights everywhere; they are not the
 * numbers that Keras would draw.
 */
public final class FreshWeights {
  private FreshWeights() {}

  /**
   * Overwrites all weights.
   *
   * @param graph the structure
   * @param weights its weights
   * @param seed what they are a function of
   * @throws dev.rill.tensor.RillException if an initializer does not fit its variable
   */
  public static void fill(Graph graph, Weights weights, long seed) {
    Map<String, List<VariableRules>> rules = graph.rules();
    long stream = CounterRandom.mix(seed);
    for (String layer : weights.layers()) {
      List<Weights.Slice> slices = weights.slices(layer);
      for (int i = 0; i < slices.size(); i++) {
        stream = CounterRandom.mix(stream + 1);
        rules.get(layer).get(i).initializer().fill(weights.values(), slices.get(i), stream);
      }
    }
  }
}
