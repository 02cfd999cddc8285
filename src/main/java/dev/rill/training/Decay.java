package dev.rill.training;

import dev.rill.tensor.RillException;

/** How far a decay has come, in units of its length. */
final class Decay {
  private Decay() {}

  static double of(long iteration, long steps, boolean staircase) {
    return staircase ? (double) (iteration / steps) : (double) iteration / steps;
  }

  static void check(String what, long steps) {
    if (steps <= 0) {
      throw new RillException("expected " + what + " above 0, got " + steps);
    }
  }
}
