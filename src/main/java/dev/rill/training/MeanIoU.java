package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.Arrays;

/**
 * Intersection over union of classes, {@code tp / (tp + fp + fn)}, and the mean of those that occur. Sample weights are cut to whole
 * numbers, as in Keras, which counts in int64. Classes outside of the range do not count.
 */
public final class MeanIoU extends Metric {
  private static final double EPSILON = 1e-7;
  private static final int MOST = 1_000_000;

  private final int classes;
  private final int[] targets;
  private Integer ignored;
  private boolean sparseTargets = true;
  private boolean sparsePredictions = true;

  /**
   * Describes the metric {@code mean_io_u}, for targets and predictions that are indices of classes.
   *
   * @param classes how many there are
   */
  public MeanIoU(int classes) {
    super("MeanIoU", "mean_io_u");
    this.classes = checked(classes, name());
    targets = null;
  }

  /**
   * Describes the metric {@code io_u}: the mean of some of the classes.
   *
   * @param classes how many there are
   * @param of those that count
   */
  public MeanIoU(int classes, int... of) {
    super("IoU", "io_u");
    checked(classes, name());
    for (int target : Require.given(of, "the classes that count")) {
      if (target < 0 || target >= classes) {
        throw new RillException("metric io_u: expected one of " + classes + " classes, got " + target);
      }
    }
    this.classes = classes;
    targets = of.clone();
  }

  private static int checked(int classes, String name) {
    if (classes < 1 || classes > MOST) {
      throw new RillException("metric " + name + ": expected 1 to " + MOST + " classes, got " + classes);
    }
    return classes;
  }

  private MeanIoU changed() {
    return (MeanIoU) called(name());
  }

  /**
   * Says what targets and predictions are.
   *
   * @param ofTargets whether they are indices of classes, true by default, rather than one number a class
   * @param ofPredictions likewise; Keras, too, cuts indices to whole numbers
   * @return another description
   */
  public MeanIoU sparse(boolean ofTargets, boolean ofPredictions) {
    MeanIoU changed = changed();
    changed.sparseTargets = ofTargets;
    changed.sparsePredictions = ofPredictions;
    return changed;
  }

  /**
   * Leaves out what has a certain target.
   *
   * @param target its index, which may lie outside of the classes; null for none, the default
   * @return another description
   */
  public MeanIoU ignoring(Integer target) {
    MeanIoU changed = changed();
    changed.ignored = target;
    return changed;
  }

  /**
   * The number of classes.
   *
   * @return at least 1
   */
  public int classes() {
    return classes;
  }

  /**
   * The classes that count.
   *
   * @return null for all
   */
  public int[] targets() {
    return targets == null ? null : targets.clone();
  }

  /**
   * The target that is left out.
   *
   * @return null for none
   */
  public Integer ignored() {
    return ignored;
  }

  /**
   * Whether targets are indices of classes.
   *
   * @return true by default
   */
  public boolean sparseTargets() {
    return sparseTargets;
  }

  /**
   * Whether predictions are indices of classes.
   *
   * @return true by default
   */
  public boolean sparsePredictions() {
    return sparsePredictions;
  }

  @Override
  void check(Tensor y, int yWidth, int width) {
    int ofTargets = sparseTargets ? yWidth : 1;
    int ofPredictions = sparsePredictions ? width : 1;
    if (ofTargets != ofPredictions) {
      throw new ShapeException("metric " + name() + ": expected as many classes in a row of targets as in one of predictions, got "
          + ofTargets + " and " + ofPredictions + "; sparse(...) says whether they are indices or one number a class");
    }
  }

  @Override
  Mode better() {
    return Mode.MAX;
  }

  @Override
  Tally tally() {
    return new Counts(this);
  }

  private static final class Counts extends Tally {
    private final MeanIoU metric;
    private final long[] both;
    private final long[] ofTarget;
    private final long[] ofPrediction;

    Counts(MeanIoU metric) {
      this.metric = metric;
      both = new long[metric.classes];
      ofTarget = new long[metric.classes];
      ofPrediction = new long[metric.classes];
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      int elements = metric.sparseTargets ? yWidth : 1;
      for (int j = 0; j < elements; j++) {
        int target = metric.sparseTargets ? (int) y[yAt + j] : Accuracy.largest(y, yAt, yWidth);
        int prediction = metric.sparsePredictions ? (int) p[pAt + j] : Accuracy.largest(p, pAt, width);
        boolean inside = target >= 0 && target < metric.classes && prediction >= 0 && prediction < metric.classes;
        if (inside && (metric.ignored == null || target != metric.ignored)) {
          both[target] += target == prediction ? (long) weight : 0;
          ofTarget[target] += (long) weight;
          ofPrediction[prediction] += (long) weight;
        }
      }
    }

    @Override
    void reset() {
      Arrays.fill(both, 0);
      Arrays.fill(ofTarget, 0);
      Arrays.fill(ofPrediction, 0);
    }

    @Override
    double result() {
      double sum = 0;
      int occurring = 0;
      int count = metric.targets == null ? metric.classes : metric.targets.length;
      for (int i = 0; i < count; i++) {
        int c = metric.targets == null ? i : metric.targets[i];
        long union = ofTarget[c] + ofPrediction[c] - both[c];
        if (union > 0) {
          sum += both[c] / (union + EPSILON);
          occurring++;
        }
      }
      return sum / (occurring + EPSILON);
    }
  }
}
