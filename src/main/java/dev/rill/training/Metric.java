package dev.rill.training;

import dev.rill.kernels.Carrier;
import dev.rill.tensor.UnsupportedException;

/** A figure that is watched beside the loss: the mean over rows of a function of targets and predictions. Immutable. */
public abstract class Metric {
  private final String name;

  Metric(String name) {
    this.name = name;
  }

  /**
   * The name under which logs have it.
   *
   * @return such as {@code accuracy}
   */
  public final String name() {
    return name;
  }

  /** The value of one row; y has {@code yWidth} floats, p {@code width}. */
  abstract double row(Carrier k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width);

  /** Which values are better. */
  Mode better() {
    return Mode.MIN;
  }

  /** The figure, from the mean of all rows. */
  double result(double mean) {
    return mean;
  }

  /**
   * Finds a metric by its name in Keras; it keeps that name.
   *
   * @param name {@code accuracy}, or that of a special accuracy, a loss or {@code root_mean_squared_error}
   * @return the metric
   * @throws UnsupportedException if there is none of this name
   */
  public static Metric named(String name) {
    switch (name) {
      case "accuracy", "acc":
        return new Accuracy(name, Accuracy.Kind.BY_SHAPE, 1);
      case "binary_accuracy", "BinaryAccuracy":
        return new Accuracy("binary_accuracy", Accuracy.Kind.BINARY, 1);
      case "categorical_accuracy", "CategoricalAccuracy":
        return new Accuracy("categorical_accuracy", Accuracy.Kind.CATEGORICAL, 1);
      case "sparse_categorical_accuracy", "SparseCategoricalAccuracy":
        return new Accuracy("sparse_categorical_accuracy", Accuracy.Kind.SPARSE, 1);
      case "top_k_categorical_accuracy", "TopKCategoricalAccuracy":
        return topK(5);
      case "root_mean_squared_error", "RootMeanSquaredError":
        return new OfLoss("root_mean_squared_error", new MeanSquaredError()) {
          @Override
          double result(double mean) {
            return Math.sqrt(mean);
          }
        };
      default:
        try {
          return new OfLoss(name, Loss.named(name));
        } catch (UnsupportedException e) {
          throw new UnsupportedException("metric " + name + " is not supported; supported are accuracy, binary_accuracy, "
              + "categorical_accuracy, sparse_categorical_accuracy, top_k_categorical_accuracy, root_mean_squared_error and "
              + "the names of losses");
        }
    }
  }

  /**
   * Whether the right class is among the likeliest.
   *
   * @param k how many count
   * @return the metric
   */
  public static Metric topK(int k) {
    return new Accuracy("top_k_categorical_accuracy", Accuracy.Kind.BY_SHAPE, k);
  }

  /** A loss that is only watched. */
  private static class OfLoss extends Metric {
    private final Loss loss;

    OfLoss(String name, Loss loss) {
      super(name);
      this.loss = loss;
    }

    @Override
    double row(Carrier k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width) {
      return loss.row(k, y, yAt, p, pAt, width, 1, null, 0);
    }
  }
}
