package dev.rill.engine.ops;

import dev.rill.kernels.Planes;

/** What one batch has in common. */
public final class TrainingBatch {
  public int rows;
  /** How many groups of neighbouring rows have figures of their own where rows are mixed: steps, within a layer at every step. */
  public int groups = 1;
  /** How many shares rows are cut into in forward and backward, as if each had a thread of its own. */
  public int rowShares;
  /** How many shares the columns of the weights' gradients are cut into, likewise; no more than those of rows. */
  public int columnShares;
  /** The state that stateful layers read and advance. */
  public Planes state;
  /** Whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never. */
  public boolean[] resets;
  /** Whether dropout takes place. */
  public boolean training;
  /** Number of this training call: what random numbers are a function of. */
  public long call;
  public long seed;

  /** The first row of a share; of the one behind the last, how many there are. */
  public int firstRow(int share) {
    return first(rows, share, rowShares);
  }

  /** The first of some columns that a share has; for the one behind the last, how many there are. */
  public int firstColumn(int columns, int share) {
    return first(columns, share, columnShares);
  }

  private static int first(int count, int share, int shares) {
    return (int) ((long) count * share / shares);
  }
}
