package dev.rill.kernels;

/** Every activation of one element in double precision, from the formulas of Keras' documentation. */
public final class Reference {
  private static final double SELU_SCALE = 1.0507009873554804934193349852946;
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;

  private Reference() {}

  public static double of(Function f, double x) {
    return switch (f) {
      case LINEAR -> x;
      case SIGMOID -> sigmoid(x);
      case TANH -> StrictMath.tanh(x);
      case EXPONENTIAL -> StrictMath.exp(x);
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x < 0 ? 0.2 * x : x;
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case ELU, CELU -> x > 0 ? x : StrictMath.expm1(x);
      case SELU -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * StrictMath.expm1(x));
      case SOFTPLUS -> softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SQUAREPLUS -> {
        double root = StrictMath.sqrt(x * x + 4);
        // The sum cancels below zero; the other form of it does not.
        yield x < 0 ? 2 / (root - x) : (x + root) / 2;
      }
      case SOFT_SHRINK -> x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0;
      case HARD_SHRINK -> Math.abs(x) > 0.5 ? x : 0;
      case TANH_SHRINK -> tanhShrink(x);
      case SPARSE_PLUS -> x <= -1 ? 0 : x >= 1 ? x : 0.25 * (x + 1) * (x + 1);
      case SPARSE_SIGMOID -> x <= -1 ? 0 : x >= 1 ? 1 : 0.5 * (x + 1);
      case SILU -> x * sigmoid(x);
      case GELU -> x * normal(x);
      case KERAS2_HARD_SIGMOID -> Math.min(Math.max(0.2 * x + 0.5, 0), 1);
      case HARD_SIGMOID -> Math.min(Math.max(x / 6 + 0.5, 0), 1);
      case HARD_SILU -> x * Math.min(Math.max(x / 6 + 0.5, 0), 1);
      case HARD_TANH -> Math.min(Math.max(x, -1), 1);
      case MISH -> x * StrictMath.tanh(softplus(x));
      case LOG_SIGMOID -> -softplus(-x);
      case SOFTMAX, LOG_SOFTMAX -> throw new IllegalArgumentException(f + " is no function of one element");
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static double softplus(double x) {
    return x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x));
  }

  /** x - tanh x, by its series where the difference cancels. */
  private static double tanhShrink(double x) {
    if (Math.abs(x) > 0.05) {
      return x - StrictMath.tanh(x);
    }
    double w = x * x;
    return x * w * (1 / 3.0 - w * (2 / 15.0 - w * (17 / 315.0 - w * (62 / 2835.0 - w * 1382 / 155925.0))));
  }

  /** The normal distribution's function, relatively exact in its lower tail too. */
  private static double normal(double x) {
    double t = Math.abs(x) / StrictMath.sqrt(2);
    double upper = t < 3 ? 1 - erfSeries(t) : erfcFraction(t);
    return x > 0 ? 1 - upper / 2 : (t < 3 ? (1 - erfSeries(t)) / 2 : upper / 2);
  }

  /** Abramowitz and Stegun 7.1.6: all terms positive. */
  private static double erfSeries(double t) {
    double term = t;
    double sum = t;
    for (int n = 1; n < 200 && term > sum * 1e-18; n++) {
      term *= 2 * t * t / (2 * n + 1);
      sum += term;
    }
    return 2 / StrictMath.sqrt(Math.PI) * StrictMath.exp(-t * t) * sum;
  }

  /** Abramowitz and Stegun 7.1.14, from the inside out. */
  private static double erfcFraction(double t) {
    double fraction = t;
    for (int n = 120; n > 0; n--) {
      fraction = t + n / 2.0 / fraction;
    }
    return StrictMath.exp(-t * t) / StrictMath.sqrt(Math.PI) / fraction;
  }
}
