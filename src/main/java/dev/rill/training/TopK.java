package dev.rill.training;

import dev.rill.kernels.Kernels;

/** How often the right class is among the likeliest; with equals, all are. Predictions that are not all finite are wrong. */
public final class TopK extends RowMetric {
  private final boolean sparse;
  private final int k;

  TopK(String name, boolean sparse, int k) {
    super(sparse ? "SparseTopKCategoricalAccuracy" : "TopKCategoricalAccuracy", name);
    this.sparse = sparse;
    this.k = k;
  }

  /**
   * How many of the likeliest classes count.
   *
   * @return 5 by default
   */
  public int k() {
    return k;
  }

  @Override
  double row(Kernels kernels, float[] y, int yAt, int yWidth, float[] p, int pAt, int width) {
    float target = sparse || yWidth < width ? y[yAt] : Accuracy.largest(y, yAt, yWidth);
    if (!(target >= 0 && target < width)) {
      return 0;
    }
    float right = p[pAt + (int) target];
    int above = 0;
    for (int j = 0; j < width; j++) {
      if (!(Math.abs(p[pAt + j]) < Float.POSITIVE_INFINITY)) {
        return 0;
      }
      above += p[pAt + j] > right ? 1 : 0;
    }
    return above < k ? 1 : 0;
  }
}
