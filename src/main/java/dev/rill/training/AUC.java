package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.util.Arrays;

/**
 * The area under the curve of a binary classifier, by Riemann sums over thresholds. Every element of a row is one prediction. Made
 * like {@code new AUC().curve(AUC.Curve.PR)}.
 */
public final class AUC extends Metric {
  /** What is drawn over what. */
  public enum Curve {
    /** The rate of true positives over that of false ones. */
    ROC,
    /** Precision over recall; interpolated as Davis and Goadrich (2006) do, between true and false positives. */
    PR
  }

  /** How high the curve is taken to be between two thresholds. */
  public enum Summation {
    /** In the middle of both. */
    INTERPOLATION("interpolation"),
    /** As high as the lower one. */
    MINORING("minoring"),
    /** As high as the higher one. */
    MAJORING("majoring");

    private final String kerasName;

    Summation(String kerasName) {
      this.kerasName = kerasName;
    }

    /**
     * The name in Keras.
     *
     * @return such as {@code interpolation}
     */
    public String kerasName() {
      return kerasName;
    }
  }

  private static final int THRESHOLDS = 200;
  private static final int MOST = 1_000_000;

  private double[] inner = ThresholdCounts.evenly(THRESHOLDS);
  private boolean given;
  private Curve curve = Curve.ROC;
  private Summation summation = Summation.INTERPOLATION;
  private boolean fromLogits;

  /** Describes the metric {@code auc}: of the ROC, 200 thresholds, interpolated. */
  public AUC() {
    super("AUC", "auc");
  }

  private AUC changed() {
    return (AUC) called(name());
  }

  /**
   * Sets the curve.
   *
   * @param value ROC by default
   * @return another description
   */
  public AUC curve(Curve value) {
    AUC changed = changed();
    changed.curve = Require.given(value, "the curve");
    return changed;
  }

  /**
   * Sets how high the curve is between thresholds.
   *
   * @param value interpolation by default
   * @return another description
   */
  public AUC summation(Summation value) {
    AUC changed = changed();
    changed.summation = Require.given(value, "the summation");
    return changed;
  }

  /**
   * Sets how many thresholds there are, evenly from 0 to 1, these included.
   *
   * @param count from 2 to a million, 200 by default
   * @return another description
   * @throws RillException if there are fewer or more
   */
  public AUC thresholds(int count) {
    if (count < 2 || count > MOST) {
      throw new RillException("metric " + name() + ": expected 2 to " + MOST + " thresholds, got " + count);
    }
    AUC changed = changed();
    changed.inner = ThresholdCounts.evenly(count);
    changed.given = false;
    return changed;
  }

  /**
   * Sets the thresholds; one below 0 and one above 1 are added.
   *
   * @param values from 0 to 1
   * @return another description
   * @throws RillException if one is out of range
   */
  public AUC thresholds(double... values) {
    for (double value : Require.given(values, "the thresholds")) {
      if (!(value >= 0 && value <= 1)) {
        throw new RillException("metric " + name() + ": expected thresholds from 0 to 1, got " + value);
      }
    }
    AUC changed = changed();
    changed.inner = values.clone();
    Arrays.sort(changed.inner);
    changed.given = true;
    return changed;
  }

  /**
   * Says whether predictions are logits.
   *
   * @param value false by default
   * @return another description
   */
  public AUC fromLogits(boolean value) {
    AUC changed = changed();
    changed.fromLogits = value;
    return changed;
  }

  /**
   * What is drawn.
   *
   * @return ROC by default
   */
  public Curve curve() {
    return curve;
  }

  /**
   * How high the curve is between thresholds.
   *
   * @return interpolation by default
   */
  public Summation summation() {
    return summation;
  }

  /**
   * The thresholds that were given.
   *
   * @return without those outside; null if only their number was
   */
  public double[] thresholds() {
    return given ? inner.clone() : null;
  }

  /**
   * The number of thresholds.
   *
   * @return with those at the ends
   */
  public int thresholdCount() {
    return inner.length + 2;
  }

  /**
   * Whether predictions are logits.
   *
   * @return false by default
   */
  public boolean fromLogits() {
    return fromLogits;
  }

  @Override
  void check(Tensor y, int yWidth, int width) {
    checkWidth(yWidth, width);
  }

  @Override
  Mode better() {
    return Mode.MAX;
  }

  @Override
  Tally tally() {
    return new Area(this);
  }

  private static final class Area extends Tally {
    private final AUC auc;
    private final ThresholdCounts counts;

    Area(AUC auc) {
      this.auc = auc;
      counts = ThresholdCounts.around(auc.inner);
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      for (int j = 0; j < width; j++) {
        float prediction = p[pAt + j];
        counts.add(y[yAt + j] != 0, auc.fromLogits ? (float) (1 / (1 + StrictMath.exp(-prediction))) : prediction, weight);
      }
    }

    @Override
    void reset() {
      counts.reset();
    }

    @Override
    double result() {
      double[] tp = counts.truePositives();
      double[] fp = counts.falsePositives();
      if (auc.curve == Curve.PR && auc.summation == Summation.INTERPOLATION) {
        return interpolated(tp, fp, counts.positives());
      }
      double positives = counts.positives();
      double negatives = counts.negatives();
      double area = 0;
      for (int i = 0; i + 1 < tp.length; i++) {
        double left = y(tp[i], fp[i], positives);
        double right = y(tp[i + 1], fp[i + 1], positives);
        double height = switch (auc.summation) {
          case INTERPOLATION -> (left + right) / 2;
          case MINORING -> Math.min(left, right);
          case MAJORING -> Math.max(left, right);
        };
        area += (x(tp[i], fp[i], positives, negatives) - x(tp[i + 1], fp[i + 1], positives, negatives)) * height;
      }
      return area;
    }

    private double x(double tp, double fp, double positives, double negatives) {
      return auc.curve == Curve.ROC ? ConfusionMetric.share(fp, negatives) : ConfusionMetric.share(tp, positives);
    }

    private double y(double tp, double fp, double positives) {
      return ConfusionMetric.share(tp, auc.curve == Curve.ROC ? positives : tp + fp);
    }

    /** The integral of precision where true and all positives move on straight lines between two thresholds. */
    private static double interpolated(double[] tp, double[] fp, double positives) {
      double area = 0;
      for (int i = 0; i + 1 < tp.length; i++) {
        double here = tp[i] + fp[i];
        double next = tp[i + 1] + fp[i + 1];
        double slope = ConfusionMetric.share(tp[i] - tp[i + 1], Math.max(here - next, 0));
        double intercept = tp[i + 1] - slope * next;
        double ratio = here > 0 && next > 0 ? here / next : 1;
        area += ConfusionMetric.share(slope * (tp[i] - tp[i + 1] + intercept * StrictMath.log(ratio)), positives);
      }
      return area;
    }
  }
}
