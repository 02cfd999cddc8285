package dev.rill.variables;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.RillException;

/**
 * Normal numbers: Keras' {@code RandomNormal}, mean 0 and standard deviation 0.05 by default there.
 *
 * @param mean their mean
 * @param deviation their standard deviation, not negative
 */
public record RandomNormal(double mean, double deviation) implements Initializer {
  /** Checks the deviation. */
  public RandomNormal {
    checkDeviation(deviation);
  }

  static void checkDeviation(double deviation) {
    if (!(deviation >= 0)) {
      throw new RillException("normal initializer: expected a standard deviation of 0 or more, got " + deviation);
    }
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    for (int i = 0; i < slice.size(); i++) {
      values[slice.at() + i] = (float) (mean + deviation * CounterRandom.normal(stream, i));
    }
  }
}
