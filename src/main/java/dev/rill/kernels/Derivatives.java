package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * Derivatives of the activation functions over stretches of an array; but for those of the recurrent cells in loops that both
 * sets of kernels share. From the result alone where that is exact enough, else from the input; at kinks as TensorFlow has them.
 */
public final class Derivatives {
  private static final float SELU_SCALE = 1.050701f;
  private static final float SELU_SCALE_ALPHA = 1.7580993f;
  /** 1 / sqrt(2 pi). */
  private static final float NORMAL = 0.3989423f;

  private Derivatives() {}

  /**
   * Multiplies a gradient by the derivative: {@code g[gAt + j] *= f'(x[at + j])}; for a function of the whole row, by its
   * Jacobian.
   *
   * @param k the kernels of this call
   * @param f the function
   * @param x what it was applied to; read only if {@link Function#needsInput()}
   * @param y its results
   * @param at first element of x and y
   * @param g the gradient with respect to y, which becomes that with respect to x
   * @param gAt its first element
   * @param n number of elements
   */
  public static void apply(Kernels k, Function f, float[] x, float[] y, int at, float[] g, int gAt, int n) {
    switch (f) {
      case LINEAR -> { }
      case SIGMOID -> k.pairwise(Pairwise.SIGMOID_GRADIENT, n, g, gAt, y, at, g, gAt);
      case TANH -> k.pairwise(Pairwise.TANH_GRADIENT, n, g, gAt, y, at, g, gAt);
      case RELU -> {
        for (int j = 0; j < n; j++) {
          // Products by 0 keep NaN, here and below, where a comparison alone would lose it.
          g[gAt + j] *= y[at + j] > 0 ? 1 : 0 * y[at + j];
        }
      }
      case EXPONENTIAL -> {
        for (int j = 0; j < n; j++) {
          g[gAt + j] *= y[at + j];
        }
      }
      case SOFTMAX -> {
        float dot = Sum.ofProducts(y, at, g, gAt, n);
        for (int j = 0; j < n; j++) {
          g[gAt + j] = y[at + j] * (g[gAt + j] - dot);
        }
      }
      case LOG_SOFTMAX -> {
        float sum = Sum.of(g, gAt, n);
        for (int j = 0; j < n; j++) {
          g[gAt + j] = fma(-Elementary.exp(y[at + j]), sum, g[gAt + j]);
        }
      }
      default -> {
        boolean input = f.needsInput();
        for (int j = 0; j < n; j++) {
          g[gAt + j] *= input ? of(f, x[at + j]) : of(f, y[at + j]);
        }
      }
    }
  }

  /** The derivative at an input, or from a result where that suffices. */
  private static float of(Function f, float v) {
    return switch (f) {
      case LEAKY_RELU -> v > 0 ? 1 : v <= 0 ? 0.2f : v;
      case RELU6 -> v > 0 && v < 6 ? 1 : 0 * v;
      case ELU -> v > 0 ? 1 : v + 1;
      // Keras adds max(x, 0) and expm1(min(x, 0)): at 0 both pass their gradient on.
      case CELU -> v == 0 ? 2 : v > 0 ? 1 : v + 1;
      case SELU -> v >= 0 ? SELU_SCALE : v + SELU_SCALE_ALPHA;
      case SOFTPLUS -> Elementary.sigmoid(v);
      case LOG_SIGMOID -> Elementary.sigmoid(-v);
      case SOFTSIGN -> 1 / ((1 + Math.abs(v)) * (1 + Math.abs(v)));
      // (1 + x / sqrt(x^2 + 4)) / 2 with x = y - 1 / y, where nothing cancels.
      case SQUAREPLUS -> 1 / (1 + 1 / (v * v));
      case SOFT_SHRINK, HARD_SHRINK -> Math.abs(v) > 0.5f ? 1 : Math.abs(v) <= 0.5f ? 0 : v;
      case TANH_SHRINK -> Elementary.tanh(v) * Elementary.tanh(v);
      case SPARSE_PLUS -> v <= -1 ? 0 : v >= 1 ? 1 : 0.5f * (v + 1);
      case SPARSE_SIGMOID -> v <= -1 || v >= 1 ? 0 : 0.5f + 0 * v;
      case KERAS2_HARD_SIGMOID -> v < -2.5f || v > 2.5f ? 0 : 0.2f + 0 * v;
      case HARD_SIGMOID -> v <= -3 || v >= 3 ? 0 : 1 / 6f + 0 * v;
      case HARD_SILU -> v <= -3 ? 0 : v >= 3 ? 1 : fma(v, 1 / 3f, 0.5f);
      case HARD_TANH -> v < -1 || v > 1 ? 0 : 1 + 0 * v;
      case SILU -> {
        float s = Elementary.sigmoid(v);
        yield fma(v * s, 1 - s, s);
      }
      case GELU -> gelu(v);
      case MISH -> {
        float t = Elementary.tanh(SmoothFunctions.softplus(v));
        yield fma(v * Elementary.sigmoid(v), fma(-t, t, 1), t);
      }
      default -> throw new IllegalStateException(f + " is not of one element");
    };
  }

  /** The normal distribution's function and x times its density; the function from {@code gelu(x) = x cdf(x)}. */
  private static float gelu(float x) {
    float cdf = Math.abs(x) < 0x1p-40f ? 0.5f : SmoothFunctions.gelu(x) / x;
    float clamped = Math.abs(x) > 16 ? 16 : x;
    return fma(clamped * NORMAL, Elementary.exp(-0.5f * clamped * clamped), cdf);
  }
}
