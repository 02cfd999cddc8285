package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;

/**
 * A loss, a function of targets y and predictions p a row; a row is one sample, or one time step of one sample. Immutable.
 * The values of a batch are multiplied by their weights, added up and divided by the number of rows: Keras'
 * {@code sum_over_batch_size}.
 */
public abstract class Loss implements Cloneable {
  /** Keras' {@code backend.epsilon()}. */
  static final float EPSILON = 1e-7f;

  private final String className;
  private final String kerasName;
  private Reduction reduction = Reduction.SUM_OVER_BATCH_SIZE;

  Loss(String className, String kerasName) {
    this.className = className;
    this.kerasName = kerasName;
  }

  /** Checks a share of targets. */
  static double smoothing(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new RillException("expected label smoothing from 0 to 1, got " + share);
    }
    return share;
  }

  /**
   * The name of the class in Keras, under which a file has it.
   *
   * @return such as {@code MeanSquaredError}
   */
  public final String className() {
    return className;
  }

  /**
   * The name in Keras.
   *
   * @return such as {@code mean_squared_error}
   */
  public final String kerasName() {
    return kerasName;
  }

  /**
   * Sets how the values of a batch become one.
   *
   * @param how {@link Reduction#SUM_OVER_BATCH_SIZE} by default
   * @return another description
   */
  public final Loss reduction(Reduction how) {
    try {
      Loss changed = (Loss) clone();
      changed.reduction = how;
      return changed;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * How the values of a batch become one.
   *
   * @return the reduction
   */
  public final Reduction reduction() {
    return reduction;
  }

  /**
   * Length of a row of targets.
   *
   * @param width length of a row of predictions
   * @return the same, or 1 where a target is the index of a class
   */
  public int targetWidth(int width) {
    return width;
  }

  /**
   * Holds targets against what the loss can take; most take any number.
   *
   * @param y targets of a batch, axis 0 the rows
   * @param width length of a row of predictions
   * @throws dev.rill.tensor.ShapeException if there is one that it cannot take
   */
  void check(Tensor y, int width) {}

  /**
   * The value of one row and its gradient.
   *
   * @param k the kernels of this call
   * @param y targets
   * @param yAt first of them
   * @param p predictions
   * @param pAt first of them
   * @param width number of predictions
   * @param scale factor of the gradient
   * @param g receives scale times the derivative with respect to p; null for none
   * @param gAt first element of the gradient
   * @return the value
   */
  abstract float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt);

  /**
   * Whether loss and activation are computed as one from what the activation was applied to, as TensorFlow does: exact where
   * a probability is too close to 0 or 1 for its logarithm, and without clipping.
   */
  boolean fuses(ActivationFunction activation) {
    return false;
  }

  /** The same as {@link #row} for what the activation was applied to. */
  float rowOfLogits(Kernels k, float[] y, int yAt, float[] z, int zAt, int width, float scale, float[] g, int gAt) {
    throw new IllegalStateException(kerasName + " has no form for logits");
  }

  /**
   * Finds a loss by its name in Keras.
   *
   * @param name such as {@code mse}, {@code mean_squared_error} or {@code categorical_crossentropy}
   * @return the loss with Keras' defaults
   * @throws UnsupportedException if there is none of this name
   */
  public static Loss named(String name) {
    switch (Require.given(name, "the name of a loss")) {
      case "mse", "MSE", "mean_squared_error", "MeanSquaredError":
        return new MeanSquaredError();
      case "mae", "MAE", "mean_absolute_error", "MeanAbsoluteError":
        return new MeanAbsoluteError();
      case "mape", "MAPE", "mean_absolute_percentage_error", "MeanAbsolutePercentageError":
        return new MeanAbsolutePercentageError();
      case "huber", "Huber":
        return new Huber();
      case "log_cosh", "logcosh", "LogCosh":
        return new LogCosh();
      case "poisson", "Poisson":
        return new Poisson();
      case "kl_divergence", "kld", "KLD", "KLDivergence":
        return new KLDivergence();
      case "cosine_similarity", "CosineSimilarity":
        return new CosineSimilarity();
      case "categorical_crossentropy", "CategoricalCrossentropy":
        return new CategoricalCrossentropy();
      case "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy":
        return new SparseCategoricalCrossentropy();
      case "binary_crossentropy", "bce", "BCE", "BinaryCrossentropy":
        return new BinaryCrossentropy();
      default:
        throw new UnsupportedException("loss " + name + " is not supported; supported are categorical_crossentropy, "
            + "sparse_categorical_crossentropy, binary_crossentropy, mse, mae, mape, huber, log_cosh, poisson, kl_divergence "
            + "and cosine_similarity");
    }
  }

  /** Returns the name of its class in Keras. */
  @Override
  public String toString() {
    return className;
  }
}
