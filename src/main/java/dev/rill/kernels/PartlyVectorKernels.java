package dev.rill.kernels;

/**
 * SIMD for one row, scalar for several: the first stage of {@link KernelWarmUp}. Streams need not wait until the tiles of batches
 * and what only training needs are compiled, too.
 */
final class PartlyVectorKernels extends Kernels {
  private final Kernels one;
  private final Kernels several;

  PartlyVectorKernels(Kernels one, Kernels several) {
    super(one.fused);
    this.one = one;
    this.several = several;
  }

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    (rows == 1 ? one : several).matmul(w, rows, start, x, h, out);
  }

  @Override
  public void lstmForward(int units, int rows, Rows gates, Rows c, Rows h) {
    one.lstmForward(units, rows, gates, c, h);
  }

  @Override
  public void lstmBackward(int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt,
      float[] dh, float[] dc, int dAt) {
    several.lstmBackward(units, gates, at, cOld, cOldAt, tanhC, tanhCAt, dh, dc, dAt);
  }

  @Override
  public void gruForward(int units, int rows, Rows gates, Rows hOld, Rows h) {
    one.gruForward(units, rows, gates, hOld, h);
  }

  @Override
  public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    several.pairwise(what, n, a, aAt, b, bAt, to, toAt);
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
