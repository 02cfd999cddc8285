package dev.rill.kernels;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD kernels: the operations of the scalar ones, a lane for an output. Loaded by name, so that nothing touches
 * {@code jdk.incubator.vector} where it is absent.
 */
class VectorKernels extends Kernels {
  /** The only species in the process: a second one makes kernels many times slower on JDK 17. */
  static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(32 * KernelChoice.lanes()));

  VectorKernels() {
    super(new VectorSteps());
  }

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    VectorMatmul.matmul(w, rows, start, x, h, out);
  }

  @Override
  public void lstmForward(int units, int rows, Rows gates, Rows c, Rows h) {
    VectorLstm.forward(units, rows, gates, c, h);
  }

  @Override
  public void lstmBackward(int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt,
      float[] dh, float[] dc, int dAt) {
    VectorLstm.backward(units, gates, at, cOld, cOldAt, tanhC, tanhCAt, dh, dc, dAt);
  }

  @Override
  public void gruForward(int units, int rows, Rows gates, Rows hOld, Rows h) {
    VectorGru.forward(units, rows, gates, hOld, h);
  }

  @Override
  public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    VectorPairwise.apply(what, n, a, aAt, b, bAt, to, toAt);
  }

  @Override
  void sigmoid(float[] a, int at, int n) {
    VectorElementary.sigmoid(a, at, n);
  }

  @Override
  void tanh(float[] a, int at, int n) {
    VectorElementary.tanh(a, at, n);
  }

  @Override
  void exp(float[] a, int at, int n) {
    VectorElementary.exp(a, at, n);
  }
}
