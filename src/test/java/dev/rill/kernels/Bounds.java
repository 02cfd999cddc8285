package dev.rill.kernels;

/** The error that each function may have, as its documentation states it. */
final class Bounds {
  private Bounds() {}

  /** In units of the last place of the true result; 0 if the bound is an absolute one. */
  static double ulps(Function f) {
    return switch (f) {
      case LINEAR, RELU, RELU6, HARD_TANH, HARD_SHRINK -> 0.001;
      case ELU, CELU -> 0.95;
      case EXPONENTIAL -> 1.02;
      case SOFTSIGN -> 1.50;
      case SIGMOID -> 1.72;
      case TANH -> 1.77;
      case SILU -> 1.78;
      case SOFTPLUS, LOG_SIGMOID -> 1.87;
      case SELU -> 1.90;
      case MISH -> 2.69;
      case SQUAREPLUS -> 2.75;
      case TANH_SHRINK -> 3.24;
      case GELU -> 3.80;
      // The factor 0.2 is itself rounded, and so is the product; the square has two roundings and a sum.
      case LEAKY_RELU -> 1.01;
      case SPARSE_PLUS -> 3;
      // Exact differences, or sums that cancel to zero.
      case SOFT_SHRINK, SPARSE_SIGMOID, HARD_SIGMOID, KERAS2_HARD_SIGMOID, HARD_SILU -> 0;
      case SOFTMAX, LOG_SOFTMAX -> throw new IllegalArgumentException(f + " is no function of one element");
    };
  }

  /** In units of 2^-149 where the result is subnormal. */
  static double tiny(Function f) {
    return ulps(f);
  }

  /** Where only an absolute bound makes sense: results that cancel to zero. */
  static double absolute(Function f) {
    return f == Function.SOFT_SHRINK ? Float.MAX_VALUE : 0x1p-22;
  }
}
