package dev.rill.layers;

import dev.rill.tensor.UnsupportedException;
import java.util.Locale;

/**
 * The activation functions that Keras allows by name in recurrent, dense and activation layers, with Keras' default
 * parameters. Their formulas and error bounds stand with the kernels; NaN gives NaN.
 */
public enum ActivationFunction {
  /** Keras' {@code linear}. */
  LINEAR,
  /** Keras' {@code sigmoid}. */
  SIGMOID,
  /** Keras' {@code tanh}. */
  TANH,
  /** Keras' {@code exponential}. */
  EXPONENTIAL,
  /** Keras' {@code relu}. */
  RELU,
  /** Keras' {@code leaky_relu}, Keras' default slope of 0.2. */
  LEAKY_RELU,
  /** Keras' {@code relu6}. */
  RELU6,
  /** Keras' {@code elu}, alpha 1. */
  ELU,
  /** Keras' {@code selu}. */
  SELU,
  /** Keras' {@code celu}, alpha 1. */
  CELU,
  /** Keras' {@code softplus}. */
  SOFTPLUS,
  /** Keras' {@code softsign}. */
  SOFTSIGN,
  /** Keras' {@code squareplus}, b = 4. */
  SQUAREPLUS,
  /** Keras' {@code soft_shrink}, threshold 0.5. */
  SOFT_SHRINK,
  /** Keras' {@code hard_shrink}, threshold 0.5. */
  HARD_SHRINK,
  /** Keras' {@code tanh_shrink}. */
  TANH_SHRINK,
  /** Keras' {@code sparse_plus}. */
  SPARSE_PLUS,
  /** Keras' {@code sparse_sigmoid}. */
  SPARSE_SIGMOID,
  /** Keras' {@code silu}. */
  SILU,
  /** Keras' {@code gelu}, the exact form, as Keras' default. */
  GELU,
  /** Keras' {@code hard_sigmoid}, Keras 3's slope of 1/6. */
  HARD_SIGMOID,
  /** What Keras 1 and 2 call {@code hard_sigmoid}, a slope of 0.2; Keras 3 has no name for it. */
  KERAS2_HARD_SIGMOID,
  /** Keras' {@code hard_silu}. */
  HARD_SILU,
  /** Keras' {@code hard_tanh}. */
  HARD_TANH,
  /** Keras' {@code mish}. */
  MISH,
  /** Keras' {@code log_sigmoid}. */
  LOG_SIGMOID,
  /** Keras' {@code softmax}, over the last axis. */
  SOFTMAX,
  /** Keras' {@code log_softmax}, over the last axis. */
  LOG_SOFTMAX;

  /**
   * Finds a function by its name in Keras.
   *
   * @param name such as {@code tanh}; the aliases {@code swish} and {@code hard_swish} are known, and null is linear
   * @return the function
   * @throws UnsupportedException if there is none of this name
   */
  public static ActivationFunction named(String name) {
    if (name == null) {
      return LINEAR;
    }
    switch (name) {
      case "swish":
        return SILU;
      case "hard_swish":
        return HARD_SILU;
      default:
        for (ActivationFunction f : values()) {
          if (f.kerasName().equals(name)) {
            return f;
          }
        }
        throw new UnsupportedException("activation " + name + " is not supported; supported are linear, tanh, sigmoid, "
            + "relu, softmax and the other constants of ActivationFunction");
    }
  }

  /**
   * The name in Keras.
   *
   * @return such as {@code hard_sigmoid}
   */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
