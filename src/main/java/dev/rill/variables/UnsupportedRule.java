package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.UnsupportedException;

/**
 * Stands for an initializer, regularizer or constraint of a loaded model that Rill does not know: the model can be served, but
 * neither be trained with the rule nor start anew with it.
 *
 * @param message what was found where
 */
public record UnsupportedRule(String message) implements Initializer, Regularizer, Constraint {
  /** Refuses null. */
  public UnsupportedRule {
    Require.given(message, "the reason of a refusal");
  }

  private UnsupportedException refusal() {
    return new UnsupportedException(message);
  }

  @Override
  public void check(Weights.Slice slice) {
    throw refusal();
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    throw refusal();
  }

  @Override
  public float value(float[] w, Weights.Slice slice) {
    throw refusal();
  }

  @Override
  public void addGradient(float[] w, float[] g, Weights.Slice slice) {
    throw refusal();
  }

  @Override
  public void apply(float[] w, Weights.Slice slice) {
    throw refusal();
  }
}
