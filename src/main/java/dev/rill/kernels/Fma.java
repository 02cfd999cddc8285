package dev.rill.kernels;

/**
 * A fused multiply-add of floats that is exact everywhere and fast wherever it can be.
 *
 * <p>With hardware support this is {@link Math#fma(float, float, float)}. Without it, {@code Math.fma}
 * works through {@code BigDecimal}, thousands of times slower; then the product, which is exact in
 * double, is added with rounding to odd, so that the final rounding to float is the only one.
 */
final class Fma {
  /** Whether {@code Math.fma} is an instruction here: found by timing, as nothing portable tells. */
  static final boolean HARDWARE = measure();

  private Fma() {}

  /** Returns {@code a * b + c}, rounded once. */
  static float fma(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : exact(a, b, c);
  }

  /**
   * The same without the instruction (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums:
   * proved algorithms using rounding to odd", 2008).
   */
  static float exact(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    if (Double.isNaN(sum) || Double.isInfinite(sum)) {
      return (float) sum;
    }
    double back = sum - product;
    double error = (product - (sum - back)) + (c - back);
    if (error != 0) {
      long bits = Double.doubleToRawLongBits(sum);
      if ((bits & 1) == 0) {
        // The exact sum lies between two doubles: take the odd one of them.
        bits += (error > 0) == (sum > 0) ? 1 : -1;
        sum = Double.longBitsToDouble(bits);
      }
    }
    return (float) sum;
  }

  private static boolean measure() {
    final int calls = 64;
    float sum = 0;
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        sum = Math.fma(sum, 0.999f, 1e-3f * i);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    // Interpreted, the instruction takes about 0.05 µs a call and BigDecimal 1 µs at the least.
    return sum == sum && best < calls * 500L;
  }
}
