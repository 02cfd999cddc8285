package dev.rill;

import java.util.Arrays;
import java.util.function.Supplier;

/** Times calls in turns, so that a machine that is slow or shared is so for all of them. */
public final class InTurn {
  /** Long beside the clock, short beside what interrupts a thread. */
  private static final long BLOCK_NANOS = 40_000;

  private InTurn() {}

  /**
   * The least time of a call of each: what comes between only adds to it.
   *
   * @param rounds in each of which each has a turn, after as many that are not counted
   * @param millis a turn
   * @return ns
   */
  public static double[] least(int rounds, int millis, Supplier<?>... calls) {
    turns(rounds, millis, calls);
    return turns(rounds, millis, calls);
  }

  private static double[] turns(int rounds, int millis, Supplier<?>... calls) {
    double[] least = new double[calls.length];
    Arrays.fill(least, Double.MAX_VALUE);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < calls.length; i++) {
        long start = System.nanoTime();
        long now = start;
        while (now - start < 1_000_000L * millis) {
          long begin = now;
          int count = 0;
          do {
            sink = calls[i].get();
            count++;
            now = System.nanoTime();
          } while (now - begin < BLOCK_NANOS);
          least[i] = Math.min(least[i], (now - begin) / (double) count);
        }
      }
    }
    return least;
  }

  /** Where results go, so that none is for nothing. */
  private static volatile Object sink;
}
