package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;

/**
 * A figure that is watched beside the loss, of all rows since the last reset. Immutable. Steps that a mask leaves out count in
 * none; Keras leaves them out of means over rows alone and counts them in {@link PrecisionMetric}, {@link AUC} and their like.
 */
public abstract class Metric implements Cloneable {
  private static final double HALF = 0.5;

  private final String className;
  private String name;

  Metric(String className, String name) {
    this.className = className;
    this.name = name;
  }

  /**
   * The name of the class in Keras, under which a file has it.
   *
   * @return such as {@code BinaryAccuracy}; null for an accuracy whose kind the shapes tell
   */
  public final String className() {
    return className;
  }

  /**
   * What is watched, if that is a loss.
   *
   * @return with its options, null for another figure
   */
  public Loss loss() {
    return null;
  }

  /**
   * The name under which logs have it.
   *
   * @return such as {@code accuracy}
   */
  public final String name() {
    return name;
  }

  /**
   * The same under another name.
   *
   * @param other under which logs have it
   * @return another description
   */
  public final Metric called(String other) {
    try {
      Metric changed = (Metric) clone();
      changed.name = other;
      return changed;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Holds targets against what the metric can take.
   *
   * @param y targets of a batch, axis 0 the rows
   * @param yWidth length of a row of targets
   * @param width length of a row of predictions
   * @throws ShapeException if it cannot take them
   */
  void check(Tensor y, int yWidth, int width) {}

  /** Refuses targets whose rows have another length. */
  final void checkWidth(int yWidth, int expected) {
    if (yWidth != expected) {
      throw new ShapeException("metric " + name + ": expected targets of " + expected + " in a row, got " + yWidth);
    }
  }

  /** Starts to count. */
  abstract Tally tally();

  /** Which values are better. */
  Mode better() {
    return Mode.MIN;
  }

  /**
   * Finds a metric by its name in Keras; logs have it under the name it was asked for by.
   *
   * @param name {@code accuracy}, or that of a special accuracy, a loss, {@code root_mean_squared_error}, {@code precision},
   *     {@code recall}, {@code auc}, {@code true_positives} and its like, or {@code r2_score}
   * @return the metric
   * @throws UnsupportedException if there is none of this name
   */
  public static Metric named(String name) {
    switch (Require.given(name, "the name of a metric")) {
      case "accuracy", "acc":
        return new Accuracy(name, Accuracy.Kind.BY_SHAPE, HALF);
      case "binary_accuracy", "BinaryAccuracy":
        return new Accuracy(name, Accuracy.Kind.BINARY, HALF);
      case "categorical_accuracy", "CategoricalAccuracy":
        return new Accuracy(name, Accuracy.Kind.CATEGORICAL, HALF);
      case "sparse_categorical_accuracy", "SparseCategoricalAccuracy":
        return new Accuracy(name, Accuracy.Kind.SPARSE, HALF);
      case "top_k_categorical_accuracy", "TopKCategoricalAccuracy":
        return new TopK(name, false, 5);
      case "sparse_top_k_categorical_accuracy", "SparseTopKCategoricalAccuracy":
        return new TopK(name, true, 5);
      case "root_mean_squared_error", "RootMeanSquaredError":
        return new OfLoss("RootMeanSquaredError", name, new MeanSquaredError()) {
          @Override
          double result(double mean) {
            return Math.sqrt(mean);
          }
        };
      case "precision", "Precision":
        return new PrecisionMetric().called(name);
      case "recall", "Recall":
        return new Recall().called(name);
      case "auc", "AUC":
        return new AUC().called(name);
      case "true_positives", "TruePositives":
        return new ConfusionCount(ConfusionCount.Cell.TRUE_POSITIVES).called(name);
      case "false_positives", "FalsePositives":
        return new ConfusionCount(ConfusionCount.Cell.FALSE_POSITIVES).called(name);
      case "true_negatives", "TrueNegatives":
        return new ConfusionCount(ConfusionCount.Cell.TRUE_NEGATIVES).called(name);
      case "false_negatives", "FalseNegatives":
        return new ConfusionCount(ConfusionCount.Cell.FALSE_NEGATIVES).called(name);
      case "r2_score", "R2Score":
        return new R2Score().called(name);
      case "f1_score", "F1Score", "fbeta_score", "FBetaScore":
        throw new UnsupportedException("metric " + name + ": by its name alone it is one score a class, and logs hold one number; "
            + "ask for FBetaScore.f1(FBetaScore.Average.MACRO, Double.NaN), in Keras for F1Score(average=\"macro\")");
      default:
        try {
          return of(name, Loss.named(name));
        } catch (UnsupportedException e) {
          throw new UnsupportedException("metric " + name + " is not supported; supported are accuracy, binary_accuracy, "
              + "categorical_accuracy, sparse_categorical_accuracy, top_k_categorical_accuracy, "
              + "sparse_top_k_categorical_accuracy, root_mean_squared_error, precision, recall, auc, true_positives and its like, "
              + "r2_score and the names of losses");
        }
    }
  }

  /**
   * A loss that is only watched, with its options; the cosine similarity is watched with its own sign, 1 for alike.
   *
   * @param loss the loss
   * @return the metric, by Keras' long name such as {@code mean_absolute_error}
   */
  public static Metric of(Loss loss) {
    return of(Require.given(loss, "the loss").kerasName(), loss);
  }

  private static Metric of(String name, Loss loss) {
    if (!(loss instanceof CosineSimilarity)) {
      return new OfLoss(loss instanceof LogCosh ? "LogCoshError" : loss.className(), name, loss);
    }
    return new OfLoss("CosineSimilarity", name, loss) {
      @Override
      double result(double mean) {
        return -mean;
      }

      @Override
      Mode better() {
        return Mode.MAX;
      }
    };
  }

  /**
   * How often predictions and a threshold make the right binary target.
   *
   * @param threshold a prediction above it means 1, Keras' default is 0.5
   * @return the metric {@code binary_accuracy}
   */
  public static Metric binaryAccuracy(double threshold) {
    return new Accuracy("binary_accuracy", Accuracy.Kind.BINARY, threshold);
  }

  /**
   * Whether the right class is among the likeliest, for targets that are probabilities of classes or, unlike Keras, indices.
   *
   * @param k how many count, Keras' default is 5
   * @return the metric {@code top_k_categorical_accuracy}
   */
  public static Metric topK(int k) {
    return new TopK("top_k_categorical_accuracy", false, atLeastOne(k));
  }

  /**
   * Whether the right class is among the likeliest, for targets that are indices of classes.
   *
   * @param k how many count, Keras' default is 5
   * @return the metric {@code sparse_top_k_categorical_accuracy}
   */
  public static Metric sparseTopK(int k) {
    return new TopK("sparse_top_k_categorical_accuracy", true, atLeastOne(k));
  }

  private static int atLeastOne(int k) {
    if (k < 1) {
      throw new RillException("expected at least 1 of the likeliest classes to count, got " + k);
    }
    return k;
  }

  /** A loss that is only watched. */
  private static class OfLoss extends RowMetric {
    private final Loss loss;

    OfLoss(String className, String name, Loss loss) {
      super(className, name);
      this.loss = loss;
    }

    @Override
    public final Loss loss() {
      return loss;
    }

    @Override
    final void check(Tensor y, int yWidth, int width) {
      checkWidth(yWidth, loss.targetWidth(width));
      loss.check(y, width);
    }

    @Override
    double row(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width) {
      return loss.row(k, y, yAt, p, pAt, width, 1, null, 0);
    }
  }

  /** Returns its name. */
  @Override
  public String toString() {
    return name();
  }
}
