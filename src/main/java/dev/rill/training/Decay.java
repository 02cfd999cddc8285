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

  /** cos(pi x) for x from 0 to 1, from angles of at most pi / 4: StrictMath reduces larger ones in memory of its own. */
  static double cosine(double x) {
    if (x < 0.25) {
      return StrictMath.cos(Math.PI * x);
    }
    return x <= 0.75 ? StrictMath.sin(Math.PI * (0.5 - x)) : -StrictMath.cos(Math.PI * (1 - x));
  }

  static void check(String what, long steps) {
    if (steps <= 0) {
      throw new RillException("expected " + what + " above 0, got " + steps);
    }
  }
}
