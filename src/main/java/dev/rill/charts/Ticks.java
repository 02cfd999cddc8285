package dev.rill.charts;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Round numbers along an axis. */
final class Ticks {
  private static final double[] STEPS = {1, 2, 5, 10};
  private static final int MOST = 6;

  private Ticks() {}

  /** From at or above the low to at or below the high, or one step around a single value; at least two. */
  static double[] of(double low, double high) {
    return of(low, high, BigDecimal.ZERO);
  }

  /** The same, but whole numbers only. */
  static double[] whole(double low, double high) {
    return of(low, high, BigDecimal.ONE);
  }

  private static double[] of(double low, double high, BigDecimal least) {
    if (!(low <= high)) {
      return new double[] {0, 1};
    }
    double span = high > low ? high - low : Math.max(Math.abs(low), 1);
    BigDecimal step = step(span).max(least);
    long first = new BigDecimal(low).divide(step, 0, RoundingMode.FLOOR).longValue();
    long last = new BigDecimal(high).divide(step, 0, RoundingMode.CEILING).longValue();
    last = Math.max(last, first + 1);
    double[] ticks = new double[(int) (last - first) + 1];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = step.multiply(BigDecimal.valueOf(first + i)).doubleValue();
    }
    return ticks;
  }

  private static BigDecimal step(double span) {
    BigDecimal rough = new BigDecimal(span / MOST);
    int exponent = rough.precision() - rough.scale() - 1;
    for (double digit : STEPS) {
      BigDecimal step = BigDecimal.valueOf((long) digit).scaleByPowerOfTen(exponent);
      if (step.compareTo(rough) >= 0) {
        return step;
      }
    }
    return BigDecimal.TEN.scaleByPowerOfTen(exponent);
  }

  /** As many digits as neighbours need. */
  static String text(double tick, double[] all) {
    BigDecimal value = new BigDecimal(tick).setScale(Math.max(0, 1 - exponent(all[1] - all[0])), RoundingMode.HALF_EVEN);
    value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    String plain = value.toPlainString();
    return plain.length() <= 8 ? plain : value.round(new MathContext(3)).toString();
  }

  private static int exponent(double value) {
    BigDecimal exact = new BigDecimal(value);
    return exact.precision() - exact.scale() - 1;
  }
}
