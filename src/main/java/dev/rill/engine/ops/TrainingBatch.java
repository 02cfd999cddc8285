package dev.rill.engine.ops;

import dev.rill.kernels.Planes;

/** What one batch has in common. */
public final class TrainingBatch {
  public int rows;
  /** How many groups of neighbouring rows have figures of their own where rows are mixed: steps, within a layer at every step. */
  public int groups = 1;
  /** How many shares rows and columns are cut into, as if each had a thread of its own. */
  public int threads;
  /** The state that stateful layers read and advance. */
  public Planes state;
  /** Whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never. */
  public boolean[] resets;
  /** Whether dropout takes place. */
  public boolean training;
  /** Number of this training call: what random numbers are a function of. */
  public long call;
  public long seed;

  /** The first of some rows or columns that are a thread's share; for the thread behind the last, how many there are. */
  public int first(int count, int thread) {
    return (int) ((long) count * thread / threads);
  }
}
