package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Rows;
import java.util.Arrays;

/** Cursors and scratch of one share of a training batch. */
public final class ThreadScratch {
  public final Rows a = new Rows();
  public final Rows b = new Rows();
  public final Rows c = new Rows();
  public final Rows d = new Rows();
  /** What functions that write whole vectors put behind a row. */
  public final float[] tail = new float[KernelChoice.PADDING];
  public final float[] row;

  private ThreadScratch(int floats) {
    row = new float[floats];
  }

  /** Those there are if they are enough for some shares, or new ones besides; each with a row of so many floats. */
  public static ThreadScratch[] ensure(ThreadScratch[] now, int shares, int floats) {
    if (now.length >= shares) {
      return now;
    }
    ThreadScratch[] more = new ThreadScratch[shares];
    Arrays.setAll(more, i -> i < now.length ? now[i] : new ThreadScratch(floats));
    return more;
  }
}
