package dev.rill.variables;

import dev.rill.tensor.CounterRandom;

/**
 * Normal numbers, those beyond two standard deviations drawn again: Keras' {@code TruncatedNormal}, mean 0 and standard deviation
 * 0.05 by default there. The standard deviation of what is left is smaller by the factor 0.8796.
 *
 * @param mean their mean
 * @param deviation standard deviation before the ends are cut off, not negative
 */
public record TruncatedNormal(double mean, double deviation) implements Initializer {
  private static final double END = 2;

  /** Checks the deviation. */
  public TruncatedNormal {
    RandomNormal.checkDeviation(deviation);
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    for (int i = 0; i < slice.size(); i++) {
      long draw = stream;
      double z = CounterRandom.normal(draw, i);
      while (Math.abs(z) > END) {
        // Mixing leaves 0 as it is.
        draw = CounterRandom.mix(draw == 0 ? 1 : draw);
        z = CounterRandom.normal(draw, i);
      }
      values[slice.at() + i] = (float) (mean + deviation * z);
    }
  }
}
