package dev.rill.variables;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.RillException;

/**
 * Numbers uniform between two limits: Keras' {@code RandomUniform}, −0.05 and 0.05 by default there.
 *
 * @param low lower limit
 * @param high upper limit, not below the lower one
 */
public record RandomUniform(double low, double high) implements Initializer {
  /** Checks the limits. */
  public RandomUniform {
    if (!(low <= high && high - low < Double.POSITIVE_INFINITY)) {
      throw new RillException("uniform initializer: expected a lower and an upper limit, got " + low + " and " + high);
    }
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    double middle = (low + high) / 2;
    double reach = (high - low) / 2;
    for (int i = 0; i < slice.size(); i++) {
      values[slice.at() + i] = (float) (middle + reach * (2 * CounterRandom.unit(stream, i) - 1));
    }
  }
}
