package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.Locale;

/**
 * The best that one rate of a binary classifier comes to at thresholds where another is at least so much; 0 if it is that nowhere.
 * Made like {@code new BestAt(BestAt.Kind.PRECISION_AT_RECALL, 0.8)}.
 */
public final class BestAt extends Metric {
  /** What is to be large, and what has to be large enough. */
  public enum Kind {
    /** True positives of all that are true, where true negatives of all that are not are enough. */
    SENSITIVITY_AT_SPECIFICITY("SensitivityAtSpecificity"),
    /** The other way round. */
    SPECIFICITY_AT_SENSITIVITY("SpecificityAtSensitivity"),
    /** True positives of all that are predicted to be true, where those of all that are true are enough. */
    PRECISION_AT_RECALL("PrecisionAtRecall"),
    /** The other way round. */
    RECALL_AT_PRECISION("RecallAtPrecision");

    private final String className;

    Kind(String className) {
      this.className = className;
    }

    /**
     * What has to be large enough, as Keras' option for it is called.
     *
     * @return such as {@code recall}
     */
    public String limited() {
      String name = name().toLowerCase(Locale.ROOT);
      return name.substring(name.lastIndexOf('_') + 1);
    }
  }

  private static final int THRESHOLDS = 200;
  private static final int MOST = 1_000_000;

  private final Kind kind;
  private final double least;
  private int thresholds = THRESHOLDS;
  private int classId = -1;

  /**
   * Describes the metric, named like {@code precision_at_recall}, of all classes and 200 thresholds.
   *
   * @param kind what is to be large and what has to be large enough
   * @param least how large, from 0 to 1
   * @throws RillException if that is out of range
   */
  public BestAt(Kind kind, double least) {
    super(Require.given(kind, "the kind").className, kind.name().toLowerCase(Locale.ROOT));
    if (!(least >= 0 && least <= 1)) {
      throw new RillException("metric " + name() + ": expected a " + kind.limited() + " from 0 to 1, got " + least);
    }
    this.kind = kind;
    this.least = least;
  }

  /**
   * Sets how many thresholds there are.
   *
   * @param count evenly from 0 to 1, these included; 1 for a half alone; a million at most
   * @return another description
   * @throws RillException if there are fewer or more
   */
  public BestAt thresholds(int count) {
    if (count < 1 || count > MOST) {
      throw new RillException("metric " + name() + ": expected 1 to " + MOST + " thresholds, got " + count);
    }
    BestAt changed = (BestAt) called(name());
    changed.thresholds = count;
    return changed;
  }

  /**
   * Looks at one class alone.
   *
   * @param id its index
   * @return another description
   */
  public BestAt classId(int id) {
    BestAt changed = (BestAt) called(name());
    changed.classId = Require.atLeast(id, 0, "the index of a class");
    return changed;
  }

  /**
   * What is to be large and what has to be large enough.
   *
   * @return as given
   */
  public Kind kind() {
    return kind;
  }

  /**
   * How large the one has to be.
   *
   * @return as given
   */
  public double least() {
    return least;
  }

  /**
   * The number of thresholds.
   *
   * @return 200 by default
   */
  public int thresholds() {
    return thresholds;
  }

  /**
   * The one class that is looked at.
   *
   * @return -1 for all
   */
  public int classId() {
    return classId;
  }

  @Override
  void check(Tensor y, int yWidth, int width) {
    checkWidth(yWidth, width);
    if (classId >= width) {
      throw new ShapeException("metric " + name() + ": the output has " + width + " classes, asked for is class " + classId);
    }
  }

  @Override
  Mode better() {
    return Mode.MAX;
  }

  @Override
  Tally tally() {
    return new Best(this);
  }

  private static final class Best extends Tally {
    private final BestAt metric;
    private final ThresholdCounts counts;

    Best(BestAt metric) {
      this.metric = metric;
      counts = ThresholdCounts.within(metric.thresholds);
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      int first = metric.classId < 0 ? 0 : metric.classId;
      int end = metric.classId < 0 ? width : first + 1;
      for (int j = first; j < end; j++) {
        counts.add(y[yAt + j] != 0, p[pAt + j], weight);
      }
    }

    @Override
    void reset() {
      counts.reset();
    }

    /** Rates are compared as floats, as in Keras. */
    @Override
    double result() {
      double[] tp = counts.truePositives();
      double[] fp = counts.falsePositives();
      double positives = counts.positives();
      double negatives = counts.negatives();
      double best = 0;
      for (int i = 0; i < tp.length; i++) {
        double recall = ConfusionMetric.share(tp[i], positives);
        double other = switch (metric.kind) {
          case SENSITIVITY_AT_SPECIFICITY, SPECIFICITY_AT_SENSITIVITY -> ConfusionMetric.share(negatives - fp[i], negatives);
          case PRECISION_AT_RECALL, RECALL_AT_PRECISION -> ConfusionMetric.share(tp[i], tp[i] + fp[i]);
        };
        boolean ofRecall = metric.kind == Kind.SENSITIVITY_AT_SPECIFICITY || metric.kind == Kind.RECALL_AT_PRECISION;
        if ((float) (ofRecall ? other : recall) >= (float) metric.least) {
          best = Math.max(best, ofRecall ? recall : other);
        }
      }
      return best;
    }
  }
}
