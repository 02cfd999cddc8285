package dev.rill.engine.ops;

import dev.rill.tensor.Memory;
import dev.rill.tensor.ShapeException;

/**
 * How much room scratch memory has: the largest calls of each kind so far, since many rows of one step and one row of many
 * steps need different things.
 *
 * @param rows rows of a call
 * @param cells rows times steps of a call
 * @param fewCells the same of calls of several steps with few rows
 * @param manyCells the same of calls of several steps with more
 */
public record Capacity(int rows, int cells, int fewCells, int manyCells) {
  /** Rows times steps that are carried out at once: enough for full tiles, few enough for the cache. */
  public static final int BLOCK = 64;
  /** From this number of rows on a product's tiles are full without help from the time axis. */
  public static final int FULL_TILE = 4;
  /** No room at all. */
  public static final Capacity NONE = new Capacity(0, 0, 0, 0);

  /** Whether a call of this size fits. */
  boolean fits(int callRows, int steps) {
    return callRows <= rows && (long) callRows * steps <= cells && several(true, callRows, steps) <= fewCells
        && several(false, callRows, steps) <= manyCells;
  }

  /** This capacity, and room for a call of this size; refuses what no array could hold. */
  public Capacity with(int callRows, int steps) {
    if ((long) callRows * steps > Memory.MAX_LENGTH) {
      throw new ShapeException("a call of " + callRows + " rows of " + steps + " time steps: expected at most " + Memory.MAX_LENGTH
          + " steps in all; make several calls");
    }
    return new Capacity(Math.max(rows, callRows), Math.max(cells, callRows * steps),
        Math.max(fewCells, several(true, callRows, steps)), Math.max(manyCells, several(false, callRows, steps)));
  }

  /** Rows times steps of a call of several steps, if its rows are few or more, as is asked; 0 of any other. */
  private static int several(boolean few, int callRows, int steps) {
    return steps > 1 && callRows < FULL_TILE == few ? callRows * steps : 0;
  }
}
