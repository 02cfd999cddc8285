package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Rows;

/** Cursors and scratch of an op in training. */
public final class TrainingScratch {
  public final Rows a = new Rows();
  public final Rows b = new Rows();
  public final Rows c = new Rows();
  public final Rows d = new Rows();
  /** What functions that write whole vectors put behind a row. */
  public final float[] tail = new float[KernelChoice.PADDING];
  public final float[] row;

  /** With a row of so many floats. */
  public TrainingScratch(int floats) {
    row = new float[floats];
  }
}
