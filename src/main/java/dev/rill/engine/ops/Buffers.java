package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;

/** Arrays that grow to the largest batch they have seen. */
public final class Buffers {
  private Buffers() {}

  /** The array, or a larger one of zeros if there is none or some rows and padding do not fit. */
  public static float[] grown(float[] now, int rows, int stride) {
    int needed = Math.addExact(Math.multiplyExact(rows, stride), KernelChoice.PADDING);
    return now == null || now.length < needed ? new float[needed] : now;
  }
}
