package dev.rill.engine.ops;


/**
 * How much room scratch memory has: the largest calls of each kind so far, since many rows of one step and one row of many
 * steps need different things.
 *
 * @param rows rows of a call
 * @param cells rows times steps of a call
 * @param fewCells the same of calls with few rows and several steps, which compute the input of steps ahead
 */
public record Capacity(int rows, int cells, int fewCells) {
  /** From this number of rows on a product's tiles are full without help from the time axis. */
  public static final int FULL_TILE = 4;
  static final Capacity NONE = new Capacity(0, 0, 0);

  /** Whether a call of this size fits. */
  boolean fits(int callRows, int steps) {
    return callRows <= rows && callRows * steps <= cells && few(callRows, steps) <= fewCells;
  }

  /** This capacity, and room for a call of this size. */
  Capacity with(int callRows, int steps) {
    return new Capacity(Math.max(rows, callRows), Math.max(cells, Math.multiplyExact(callRows, steps)),
        Math.max(fewCells, few(callRows, steps)));
  }

  private static int few(int callRows, int steps) {
    return callRows < FULL_TILE && steps > 1 ? callRows * steps : 0;
  }
}
