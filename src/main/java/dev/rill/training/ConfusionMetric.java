package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;

/**
 * A metric of how often binary predictions are right and wrong: each element of a row is one, a target other than 0 is true, a
 * prediction above the threshold says so. Made like {@code new PrecisionMetric().threshold(0.7)}.
 *
 * @param <M> the metric itself
 */
public abstract class ConfusionMetric<M extends ConfusionMetric<M>> extends Metric {
  private static final double HALF = 0.5;

  /** NaN unless given. */
  private double threshold = Double.NaN;
  private int topK;
  private int classId = -1;

  ConfusionMetric(String className, String name) {
    super(className, name);
  }

  @SuppressWarnings("unchecked")
  private M changed() {
    return (M) called(name());
  }

  /**
   * Sets above what a prediction means true.
   *
   * @param value from 0 to 1, 0.5 by default; 0 for predictions that are logits
   * @return another description
   * @throws RillException if it is out of range
   */
  public M threshold(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new RillException("metric " + name() + ": expected a threshold from 0 to 1, got " + value);
    }
    M changed = changed();
    ((ConfusionMetric<?>) changed).threshold = value;
    return changed;
  }

  M onlyTopK(int k) {
    if (k < 1) {
      throw new RillException("metric " + name() + ": expected at least 1 of the likeliest classes to count, got " + k);
    }
    M changed = changed();
    ((ConfusionMetric<?>) changed).topK = k;
    return changed;
  }

  M onlyClass(int id) {
    if (id < 0) {
      throw new RillException("metric " + name() + ": expected the index of a class, got " + id);
    }
    M changed = changed();
    ((ConfusionMetric<?>) changed).classId = id;
    return changed;
  }

  /**
   * Above what a prediction means true.
   *
   * @return NaN if none was given: then it is 0.5, or with {@link #topK()} none at all
   */
  public final double threshold() {
    return threshold;
  }

  /**
   * How many of the largest predictions of a row may be true.
   *
   * @return 0 for all
   */
  public final int topK() {
    return topK;
  }

  /**
   * The one class that is looked at.
   *
   * @return -1 for all
   */
  public final int classId() {
    return classId;
  }

  /** The figure, from the sums of weights. */
  abstract double of(double truePositives, double falsePositives, double trueNegatives, double falseNegatives);

  @Override
  final void check(Tensor y, int yWidth, int width) {
    checkWidth(yWidth, width);
    if (Math.max(classId, topK - 1) >= width) {
      throw new ShapeException("metric " + name() + ": the output has " + width + " classes, asked for are "
          + (classId >= width ? "class " + classId : "the largest " + topK));
    }
  }

  @Override
  Mode better() {
    return Mode.MAX;
  }

  @Override
  final Tally tally() {
    float limit = (float) (threshold == threshold ? threshold : topK > 0 ? Double.NEGATIVE_INFINITY : HALF);
    return new Counts(this, limit);
  }

  private static final class Counts extends Tally {
    private final ConfusionMetric<?> metric;
    private final float limit;
    private double truePositives;
    private double falsePositives;
    private double trueNegatives;
    private double falseNegatives;

    Counts(ConfusionMetric<?> metric, float limit) {
      this.metric = metric;
      this.limit = limit;
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      int first = metric.classId < 0 ? 0 : metric.classId;
      int end = metric.classId < 0 ? width : first + 1;
      for (int j = first; j < end; j++) {
        boolean positive = p[pAt + j] > limit && (metric.topK == 0 || before(p, pAt, width, j) < metric.topK);
        if (y[yAt + j] != 0) {
          truePositives += positive ? weight : 0;
          falseNegatives += positive ? 0 : weight;
        } else {
          falsePositives += positive ? weight : 0;
          trueNegatives += positive ? 0 : weight;
        }
      }
    }

    /** How many predictions of a row come before one: those that are larger, and of equals those that stand before it. */
    private static int before(float[] p, int at, int width, int j) {
      int before = 0;
      for (int i = 0; i < width; i++) {
        before += p[at + i] > p[at + j] || i < j && p[at + i] == p[at + j] ? 1 : 0;
      }
      return before;
    }

    @Override
    void reset() {
      truePositives = 0;
      falsePositives = 0;
      trueNegatives = 0;
      falseNegatives = 0;
    }

    @Override
    double result() {
      return metric.of(truePositives, falsePositives, trueNegatives, falseNegatives);
    }
  }

  /** A share of a whole; 0 if there is no whole. */
  static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
