package dev.rill.engine.ops;

/** Which steps of a sequence count in training: [time * rows]. One mask serves every signal that hands it on. */
public final class StepMask {
  private boolean[] counts = {};

  /** Makes room for so many (time, row). */
  public void ensure(int cells) {
    if (counts.length < cells) {
      counts = new boolean[cells];
    }
  }

  public void set(int cell, boolean count) {
    counts[cell] = count;
  }

  public boolean counts(int cell) {
    return counts[cell];
  }
}
