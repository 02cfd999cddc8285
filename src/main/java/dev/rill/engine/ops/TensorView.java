package dev.rill.engine.ops;

import dev.rill.kernels.Rows;

/**
 * Where a tensor lies while a plan runs: {@code data[at + row * stride + step * stepStride + feature]}. As rows it is its
 * first step, so that kernels read a single step where it lies. Strides let one op read a caller's array, another's
 * buffer or the last step of it without copying.
 */
public final class TensorView extends Rows {
  public int stepStride;
  /** Time steps; 1 where there is no time axis. */
  public int steps;

  /** Views that lie nowhere yet. */
  public static TensorView[] some(int count) {
    TensorView[] all = new TensorView[count];
    for (int i = 0; i < count; i++) {
      all[i] = new TensorView();
    }
    return all;
  }

  public void set(float[] data, int at, int stride, int stepStride, int steps) {
    set(data, at, stride);
    this.stepStride = stepStride;
    this.steps = steps;
  }

  /** Goes forward in time, and ends after some steps. */
  public void cut(int forward, int count) {
    at += forward * stepStride;
    steps = count;
  }

  /** Copies some rows, all steps of them, to where another begins with step {@code first}. */
  public void copy(TensorView to, int rows, int first, int width) {
    if (rows == 1 && steps == 1) {
      System.arraycopy(data, at, to.data, to.at + first * to.stepStride, width);
      return;
    }
    for (int row = 0; row < rows; row++) {
      for (int step = 0; step < steps; step++) {
        System.arraycopy(data, at + row * stride + step * stepStride, to.data,
            to.at + row * to.stride + (first + step) * to.stepStride, width);
      }
    }
  }

  /** Whether a step counts, where this is a mask. */
  public boolean counts(int row, int step) {
    return data[at + row * stride + step * stepStride] != 0;
  }

  /** Whether rows of the state lie one behind the other. */
  public static boolean together(int[] map, int rows) {
    if (map != null) {
      for (int row = 1; row < rows; row++) {
        if (map[row] != map[0] + row) {
          return false;
        }
      }
    }
    return true;
  }
}
