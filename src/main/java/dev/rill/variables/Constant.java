package dev.rill.variables;

import java.util.Arrays;

/**
 * One number everywhere: Keras' {@code Constant}, {@code Zeros} and {@code Ones}.
 *
 * @param value the number
 */
public record Constant(double value) implements Initializer {
  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    Arrays.fill(values, slice.at(), slice.at() + slice.size(), (float) value);
  }
}
