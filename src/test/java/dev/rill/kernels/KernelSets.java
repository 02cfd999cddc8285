package dev.rill.kernels;

import java.util.ArrayList;
import java.util.List;

/** The sets of kernels of this JVM: the scalar one, and the SIMD one where it may run. */
final class KernelSets {
  static final Kernels SCALAR = new ScalarKernels();
  static final Kernels VECTOR = KernelSettings.SIMD ? KernelSettings.vectorKernels(WeightFormat.FLOAT32) : null;

  private KernelSets() {}

  static List<Kernels> all() {
    List<Kernels> all = new ArrayList<>(List.of(SCALAR));
    if (VECTOR != null) {
      all.add(VECTOR);
    }
    return all;
  }

  /** The same for weights of one format. */
  static List<Kernels> all(WeightFormat format) {
    List<Kernels> all = new ArrayList<>(List.of(KernelSettings.scalarKernels(format)));
    if (KernelSettings.SIMD) {
      all.add(KernelSettings.vectorKernels(format));
    }
    return all;
  }

  static Rows rows(float[] data, int at, int stride) {
    return new Rows().set(data, at, stride);
  }
}
