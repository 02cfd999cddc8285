package dev.rill.kernels;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD kernels: the scalar kernels's operations, a lane for an output unit. Loaded by name, so that nothing
 * touches {@code jdk.incubator.vector} where it is absent.
 */
class VectorKernels extends Kernels {
  /** The only species in the process: a second one makes kernels many times slower on JDK 17. */
  static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(32 * KernelChoice.lanes()));

  VectorKernels() {}

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    VectorProduct.matmul(w, rows, start, x, h, z);
  }

  @Override
  public void lstmForward(int units, int rows, Rows z, Rows c, Rows h) {
    VectorGates.lstmForward(units, rows, z, c, h);
  }

  @Override
  public void gruForward(int units, int rows, Rows z, Rows old, Rows h) {
    VectorGates.gruForward(units, rows, z, old, h);
  }

  @Override
  public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    VectorPairwise.apply(what, n, a, aAt, b, bAt, to, toAt);
  }

  @Override
  public void lstmBackward(int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh, float[] dc,
      int dAt) {
    VectorLstmGradient.apply(units, z, at, old, oldAt, out, outAt, dh, dc, dAt);
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
