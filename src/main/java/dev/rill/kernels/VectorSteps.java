package dev.rill.kernels;

/** The SIMD steps of one kernel; loaded with {@link VectorKernels}, so never where there is no SIMD. */
final class VectorSteps extends FusedSteps {
  @Override
  void lstm(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out) {
    if (w.fewPanels == 1) {
      VectorLstmStep.step(w, x, h, c, z, out);
    } else {
      VectorLstmStep.stepOfTwo(w, x, h, c, z, out);
    }
  }

  @Override
  void gru(PackedWeights w, Rows x, Rows h, Rows z, Rows out) {
    if (w.fewPanels == 1) {
      VectorGruStep.step(w, x, h, z, out);
    } else {
      VectorGruStep.stepOfTwo(w, x, h, z, out);
    }
  }
}
