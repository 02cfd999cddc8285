package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Rows;

/** Cursors and scratch of one training thread. */
public final class ThreadScratch {
  public final Rows a = new Rows();
  public final Rows b = new Rows();
  public final Rows c = new Rows();
  public final Rows d = new Rows();
  /** What functions that write whole vectors put behind a row. */
  public final float[] tail = new float[KernelChoice.PADDING];
  public float[] row = {};

  /** Some threads' own. */
  public static ThreadScratch[] of(int threads) {
    ThreadScratch[] all = new ThreadScratch[threads];
    for (int i = 0; i < threads; i++) {
      all[i] = new ThreadScratch();
    }
    return all;
  }
}
