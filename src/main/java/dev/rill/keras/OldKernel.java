package dev.rill.keras;

import dev.rill.io.ElementType;
import dev.rill.io.HeapRoom;
import dev.rill.keras.hdf5.Hdf5Dataset;
import java.io.IOException;
import java.util.Arrays;

/**
 * The kernel (steps, inputs, filters) of a convolution over time as Keras 1, or Keras on Theano, keeps it: with an axis for the width
 * of an image, (steps, 1, inputs, filters) or (filters, inputs, steps, 1); and with its steps from the last to the first on Theano,
 * which turns kernels about where others do not.
 *
 * @param shape as expected today
 * @param turned whether the steps go from the last to the first
 */
record OldKernel(Hdf5Dataset data, int[] shape, boolean turned) implements StoredVariable {
  private boolean filtersFirst() {
    int[] stored = data.shape();
    // Keras 2 asks in this order: a file may fit both.
    return stored.length == 4 && !isWide(stored) && Arrays.equals(stored, new int[] {shape[2], shape[1], shape[0], 1});
  }

  private boolean isWide(int[] stored) {
    return Arrays.equals(stored, new int[] {shape[0], 1, shape[1], shape[2]});
  }

  @Override
  public int[] shape() {
    int[] stored = data.shape();
    return stored.length == 4 && (isWide(stored) || filtersFirst()) ? shape.clone() : stored;
  }

  @Override
  public String path() {
    return data.path();
  }

  @Override
  public ElementType type() {
    return data.type();
  }

  @Override
  public void floats(float[] target, int at) throws IOException {
    float[] stored = HeapRoom.floats(data.size(), data.path());
    data.floats(stored, 0);
    int steps = shape[0];
    int inputs = shape[1];
    int filters = shape[2];
    boolean filtersFirst = filtersFirst();
    for (int step = 0; step < steps; step++) {
      int from = turned ? steps - 1 - step : step;
      for (int input = 0; input < inputs; input++) {
        for (int filter = 0; filter < filters; filter++) {
          target[at + (step * inputs + input) * filters + filter] =
              stored[filtersFirst ? (filter * inputs + input) * steps + from : (from * inputs + input) * filters + filter];
        }
      }
    }
  }
}
