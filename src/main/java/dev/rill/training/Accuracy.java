package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.Tensor;

/** How often predictions are right; of what kind they are, Keras tells from the shapes. Made by {@link Metric#named}. */
public final class Accuracy extends RowMetric {
  /** What predictions are. */
  enum Kind {
    BY_SHAPE(null), BINARY("BinaryAccuracy"), CATEGORICAL("CategoricalAccuracy"), SPARSE("SparseCategoricalAccuracy");

    private final String className;

    Kind(String className) {
      this.className = className;
    }
  }

  private final Kind kind;
  private final double exactThreshold;
  private final float threshold;

  Accuracy(String name, Kind kind, double threshold) {
    super(kind.className, name);
    this.kind = kind;
    exactThreshold = threshold;
    this.threshold = (float) threshold;
  }

  /**
   * Whether the shapes tell its kind.
   *
   * @return true if it was asked for as {@code accuracy}
   */
  public boolean byShape() {
    return kind == Kind.BY_SHAPE;
  }

  /**
   * Above what a prediction means 1, if targets are binary.
   *
   * @return 0.5 by default
   */
  public double threshold() {
    return exactThreshold;
  }

  private Kind resolved(int yWidth, int width) {
    return kind != Kind.BY_SHAPE ? kind : width == 1 ? Kind.BINARY : yWidth == 1 ? Kind.SPARSE : Kind.CATEGORICAL;
  }

  @Override
  Mode better() {
    return Mode.MAX;
  }

  @Override
  void check(Tensor y, int yWidth, int width) {
    if (resolved(yWidth, width) == Kind.BINARY) {
      checkWidth(yWidth, width);
    }
  }

  @Override
  double row(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width) {
    switch (resolved(yWidth, width)) {
      case BINARY:
        int right = 0;
        for (int j = 0; j < width; j++) {
          right += y[yAt + j] == (p[pAt + j] > threshold ? 1 : 0) ? 1 : 0;
        }
        return (double) right / width;
      case SPARSE:
        // A target that is no whole number equals no index.
        return y[yAt] == largest(p, pAt, width) ? 1 : 0;
      default:
        return largest(y, yAt, yWidth) == largest(p, pAt, width) ? 1 : 0;
    }
  }

  /** The first index of the largest value. */
  static int largest(float[] a, int at, int n) {
    int largest = 0;
    for (int j = 1; j < n; j++) {
      largest = a[at + j] > a[at + largest] ? j : largest;
    }
    return largest;
  }
}
