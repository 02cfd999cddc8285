package dev.rill.training;

import dev.rill.kernels.Kernels;

/** A metric under way: what it has seen since the last reset. Sums are kept in double, in the order of the rows. */
abstract class Tally {
  /**
   * Counts one row; y has {@code yWidth} floats, p {@code width}.
   *
   * @param weight how much the row counts, not 0
   */
  abstract void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight);

  abstract void reset();

  /** The figure; where nothing has counted, what Keras gives then. */
  abstract double result();
}
