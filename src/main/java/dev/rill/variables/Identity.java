package dev.rill.variables;

import dev.rill.tensor.RillException;
import java.util.Arrays;

/**
 * A multiple of the identity matrix, with rows or columns of zeros where it is not square: Keras' {@code Identity}.
 *
 * @param gain what stands on the diagonal, 1 by default in Keras
 */
public record Identity(double gain) implements Initializer {
  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    if (slice.shape().rank() != 2) {
      throw new RillException("layer " + slice.layer() + ", " + slice.name() + ": an identity initializer needs a matrix, got "
          + slice.shape());
    }
    Arrays.fill(values, slice.at(), slice.at() + slice.size(), 0);
    int columns = slice.shape().axis(1);
    for (int i = 0; i < Math.min(slice.shape().axis(0), columns); i++) {
      values[slice.at() + i * columns + i] = (float) gain;
    }
  }
}
