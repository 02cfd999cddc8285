package dev.rill.training;

import dev.rill.tensor.RillException;

/** How far a decay has come, in units of its length, and the functions of it, which allocate nothing. */
final class Decay {
  private Decay() {}

  static double of(long iteration, long steps, boolean staircase) {
    return staircase ? (double) (iteration / steps) : (double) iteration / steps;
  }

  /** A base of at least 0 raised. By the logarithm, because StrictMath.pow allocates. */
  static double power(double base, double exponent) {
    return exponent == 0 ? 1 : exponent == 1 ? base : StrictMath.exp(exponent * StrictMath.log(base));
  }

  /**
   * cos(pi x) for x from 0 to 1, by its series at angles of at most pi / 4, where ten terms leave 1e-17. StrictMath's own may
   * allocate.
   */
  static double cosine(double x) {
    if (x < 0.25) {
      return series(1, 0, Math.PI * x);
    }
    double angle = Math.PI * (0.5 - x);
    return x <= 0.75 ? series(angle, 1, angle) : -series(1, 0, Math.PI * (1 - x));
  }

  /** The cosine or sine of an angle: each term is the one before it times -angle^2 over the next two integers. */
  private static double series(double first, int last, double angle) {
    double term = first;
    double sum = first;
    for (int n = last + 2; n <= last + 18; n += 2) {
      term *= -angle * angle / (n * (n - 1.0));
      sum += term;
    }
    return sum;
  }

  static void check(String what, long steps) {
    if (steps <= 0) {
      throw new RillException("expected " + what + " above 0, got " + steps);
    }
  }
}
