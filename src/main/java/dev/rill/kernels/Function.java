package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * Activation functions over stretches of an array, to the same bits whatever the kernels.
 *
 * <p>Those a recurrent cell spends its time in (sigmoid, tanh, exp) have a SIMD form behind the seam; the others
 * are written once, in loops that both sets of kernels share.
 */
public enum Function {
  /** {@code x}. */
  LINEAR,
  /** {@code 1 / (1 + e^-x)}. */
  SIGMOID,
  /** Hyperbolic tangent. */
  TANH,
  /** {@code e^x}. */
  EXPONENTIAL,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x} below 0 by 0.2. */
  LEAKY_RELU,
  /** {@code min(max(x, 0), 6)}. */
  RELU6,
  /** {@code x > 0 ? x : e^x - 1}. */
  ELU,
  /** {@code s x} above 0, {@code s a (e^x - 1)} below, with Klambauer's s and a. */
  SELU,
  /** The same as {@link #ELU} at Keras' default alpha of 1. */
  CELU,
  /** {@code log(1 + e^x)}. */
  SOFTPLUS,
  /** {@code x / (1 + |x|)}. */
  SOFTSIGN,
  /** {@code (x + sqrt(x^2 + 4)) / 2}. */
  SQUAREPLUS,
  /** {@code x} less 0.5 beyond ±0.5, else 0. */
  SOFT_SHRINK,
  /** {@code x} beyond ±0.5, else 0. */
  HARD_SHRINK,
  /** {@code x - tanh(x)}. */
  TANH_SHRINK,
  /** 0 up to −1, {@code x} from 1, {@code (x + 1)^2 / 4} between. */
  SPARSE_PLUS,
  /** 0 up to −1, 1 from 1, {@code (x + 1) / 2} between. */
  SPARSE_SIGMOID,
  /** {@code x sigmoid(x)}. */
  SILU,
  /** {@code x} by the normal distribution's function, exactly, as Keras' default. */
  GELU,
  /** {@code min(max(x / 6 + 0.5, 0), 1)}, as in Keras 3. */
  HARD_SIGMOID,
  /** {@code min(max(0.2 x + 0.5, 0), 1)}: what Keras 1 and 2 call {@code hard_sigmoid}. */
  KERAS2_HARD_SIGMOID,
  /** {@code x hard_sigmoid(x)}. */
  HARD_SILU,
  /** {@code min(max(x, -1), 1)}. */
  HARD_TANH,
  /** {@code x tanh(softplus(x))}. */
  MISH,
  /** {@code -softplus(-x)}. */
  LOG_SIGMOID,
  /** {@code e^x} over its sum along the row. */
  SOFTMAX,
  /** The logarithm of {@link #SOFTMAX}. */
  LOG_SOFTMAX;

  /**
   * Replaces a stretch by its activation.
   *
   * @param k the kernels of this call
   * @param a the array
   * @param at first element
   * @param n number of elements; up to {@link KernelChoice#PADDING} − 1 more may be overwritten
   */
  public void apply(Kernels k, float[] a, int at, int n) {
    switch (this) {
      case LINEAR -> { }
      case SIGMOID -> k.sigmoid(a, at, n);
      case TANH -> k.tanh(a, at, n);
      case EXPONENTIAL -> k.exp(a, at, n);
      case RELU -> {
        // The compiler makes SIMD of this loop, ten times faster than the one below; NaN stays NaN, and -0 becomes +0.
        for (int j = at; j < at + n; j++) {
          a[j] = Math.max(a[j], 0);
        }
      }
      case SOFTMAX -> {
        subtract(a, at, n, max(a, at, n));
        k.exp(a, at, n);
        float sum = Sum.of(a, at, n);
        for (int j = at; j < at + n; j++) {
          a[j] /= sum;
        }
      }
      case LOG_SOFTMAX -> {
        subtract(a, at, n, max(a, at, n));
        subtract(a, at, n, SmoothFunctions.log(Sum.ofExp(a, at, n)));
      }
      default -> {
        for (int j = at; j < at + n; j++) {
          a[j] = of(a[j]);
        }
      }
    }
  }

  /**
   * Replaces a stretch by its activation and leaves what lies behind it alone.
   *
   * @param k the kernels of this call
   * @param a the array, which reaches {@link KernelChoice#PADDING} floats beyond the stretch
   * @param at first element
   * @param n number of elements
   * @param behind {@link KernelChoice#PADDING} floats of scratch
   */
  public void apply(Kernels k, float[] a, int at, int n, float[] behind) {
    System.arraycopy(a, at + n, behind, 0, KernelChoice.PADDING);
    apply(k, a, at, n);
    System.arraycopy(behind, 0, a, at + n, KernelChoice.PADDING);
  }

  /** The functions of one element that have no SIMD form. */
  float of(float x) {
    return switch (this) {
      case LEAKY_RELU -> x < 0 ? 0.2f * x : x;
      case RELU6 -> x <= 0 ? 0 : x > 6 ? 6 : x;
      case ELU, CELU -> SmoothFunctions.elu(x);
      case SELU -> SmoothFunctions.selu(x);
      case SOFTPLUS -> SmoothFunctions.softplus(x);
      case SOFTSIGN -> SmoothFunctions.softsign(x);
      case SQUAREPLUS -> SmoothFunctions.squareplus(x);
      case SOFT_SHRINK -> x > 0.5f ? x - 0.5f : x < -0.5f ? x + 0.5f : 0 * x;
      case HARD_SHRINK -> Math.abs(x) <= 0.5f ? 0 : x;
      case TANH_SHRINK -> SmoothFunctions.tanhShrink(x);
      case SPARSE_PLUS -> x <= -1 ? 0 : x >= 1 ? x : 0.25f * (x + 1) * (x + 1);
      case SPARSE_SIGMOID -> x <= -1 ? 0 : x >= 1 ? 1 : 0.5f * (x + 1);
      case SILU -> SmoothFunctions.silu(x);
      case GELU -> SmoothFunctions.gelu(x);
      case HARD_SIGMOID -> x <= -3 ? 0 : x >= 3 ? 1 : fma(x, 1 / 6f, 0.5f);
      case KERAS2_HARD_SIGMOID -> x <= -2.5f ? 0 : x >= 2.5f ? 1 : fma(x, 0.2f, 0.5f);
      case HARD_SILU -> x <= -3 ? 0 : x * HARD_SIGMOID.of(x);
      case HARD_TANH -> x < -1 ? -1 : x > 1 ? 1 : x;
      case MISH -> SmoothFunctions.mish(x);
      case LOG_SIGMOID -> SmoothFunctions.logSigmoid(x);
      default -> throw new IllegalStateException(this + " is carried out by the kernels or on a whole row");
    };
  }

  /**
   * Whether the derivative is computed from the input; from the result alone otherwise.
   *
   * @return false for those that a result tells enough about
   */
  public boolean needsInput() {
    return switch (this) {
      case LINEAR, SIGMOID, TANH, EXPONENTIAL, RELU, LEAKY_RELU, RELU6, ELU, CELU, SELU, SQUAREPLUS, SOFTMAX, LOG_SOFTMAX ->
          false;
      default -> true;
    };
  }

  /**
   * Whether a result depends on the whole row rather than on its own element.
   *
   * @return true for softmax and its logarithm
   */
  public boolean rowWise() {
    return this == SOFTMAX || this == LOG_SOFTMAX;
  }

  private static float max(float[] a, int at, int n) {
    float max = a[at];
    for (int j = at + 1; j < at + n; j++) {
      max = Math.max(max, a[j]);
    }
    return max;
  }

  private static void subtract(float[] a, int at, int n, float value) {
    for (int j = at; j < at + n; j++) {
      a[j] -= value;
    }
  }
}
