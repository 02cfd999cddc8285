package dev.rill.kernels;

/** Lets one process run a model on the scalar kernels and on SIMD, to hold the bits against each other. */
public final class KernelSwitch {
  private static final Kernels SCALAR = KernelSettings.scalarKernels(WeightFormat.FLOAT32);
  private static final Kernels SIMD = KernelSettings.SIMD ? KernelSettings.vectorKernels(WeightFormat.FLOAT32) : SCALAR;

  private KernelSwitch() {}

  /**
   * Sets the kernels of this process; to be called between calls of a model.
   *
   * @param simd whether SIMD is to run, if it can
   */
  public static void simd(boolean simd) {
    KernelChoice.switchTo(WeightFormat.FLOAT32, simd ? SIMD : SCALAR);
  }
}
