package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.variables.Variable;
import java.util.List;

/**
 * Layer normalization (Ba 2016), as Keras computes it: mean and variance of each row and step over its features.
 *
 * <p>Variables: gamma and beta, unless switched off.
 */
public final class LayerNormalization extends NormalizationLayer<LayerNormalization> {
  /** Describes one with Keras' defaults: epsilon 0.001. */
  public LayerNormalization() {
    this(null, Options.DEFAULT);
  }

  private LayerNormalization(String name, Options options) {
    super(name, options);
  }

  @Override
  public LayerNormalization named(String name) {
    return new LayerNormalization(name, options);
  }

  @Override
  LayerNormalization with(Options changed) {
    return new LayerNormalization(name(), changed);
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    return gammaAndBeta(only(inputs));
  }
}
