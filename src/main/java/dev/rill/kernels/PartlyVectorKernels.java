package dev.rill.kernels;

/**
 * SIMD for one row, scalar for several: streams need not wait until the tiles of batches and what only training needs are
 * compiled, too.
 */
final class PartlyVectorKernels extends Kernels {
  private final Kernels one;
  private final Kernels several;

  PartlyVectorKernels(Kernels one, Kernels several) {
    this.one = one;
    this.several = several;
  }

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    (rows == 1 ? one : several).matmul(w, rows, start, x, h, z);
  }

  @Override
  public void lstmForward(int units, int rows, Rows z, Rows c, Rows h) {
    one.lstmForward(units, rows, z, c, h);
  }

  @Override
  public void gruForward(int units, int rows, Rows z, Rows old, Rows h) {
    one.gruForward(units, rows, z, old, h);
  }

  @Override
  public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    several.pairwise(what, n, a, aAt, b, bAt, to, toAt);
  }

  @Override
  public void lstmBackward(int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh, float[] dc,
      int dAt) {
    several.lstmBackward(units, z, at, old, oldAt, out, outAt, dh, dc, dAt);
  }

  @Override
  void sigmoid(float[] a, int at, int n) {
    one.sigmoid(a, at, n);
  }

  @Override
  void tanh(float[] a, int at, int n) {
    one.tanh(a, at, n);
  }

  @Override
  void exp(float[] a, int at, int n) {
    one.exp(a, at, n);
  }
}
