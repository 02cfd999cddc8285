package dev.rill.engine.ops;

import dev.rill.kernels.Planes;

/** What one batch has in common, or those neighbouring rows of it that one thread takes: these are a batch to all ops. */
public final class TrainingBatch {
  public int rows;
  /** The place in the whole batch of the first row. */
  public int first;
  /** Rows of the whole batch. */
  public int all;
  /** The most rows of a section: what the weights' gradients are summed up over at a time. */
  public int sectionRows;
  /** How many groups of neighbouring rows have figures of their own where rows are mixed: steps, within a layer at every step. */
  public int groups = 1;
  /** The state that stateful layers read and advance: that of the whole batch. */
  public Planes state;
  /** Whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never. */
  public boolean[] resets;
  /** Whether dropout takes place. */
  public boolean training;
  /** Number of this training call: what random numbers are a function of. */
  public long call;
  public long seed;
}
