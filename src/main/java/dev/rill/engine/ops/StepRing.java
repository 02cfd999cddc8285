package dev.rill.engine.ops;

import dev.rill.tensor.Memory;
import dev.rill.tensor.State;

/** The last so many steps of some rows of one plane; filled without allocation. */
public final class StepRing {
  private final State.Plane plane;
  /** Of the plane in each step that is counted. */
  private final int each;
  private final int capacity;
  private final float[] values;
  /** Steps so far, of each row. */
  private final long[] steps;

  /**
   * Makes room.
   *
   * @param tapped what is kept
   * @param rows of the state
   * @param capacity steps of the op that are kept
   * @throws dev.rill.tensor.RillException if there is no room
   */
  public StepRing(TappedPlane tapped, int rows, int capacity) {
    plane = tapped.plane();
    each = tapped.steps();
    String what = capacity + " steps of " + rows + " rows of layer " + plane.layer() + ", " + plane.kind();
    long kept = (long) capacity * each;
    Memory.check(kept, what);
    this.capacity = (int) kept;
    long cells = rows * kept;
    Memory.check(cells, what);
    values = Memory.floats(cells * plane.units(), what);
    steps = new long[rows];
  }

  /** What is kept. */
  public State.Plane plane() {
    return plane;
  }

  /** How many steps of a row can be read. */
  public int held(int row) {
    return (int) Math.min(steps[row], capacity);
  }

  /** Copies one of the steps that can be read, the oldest being 0. */
  public void read(int row, int step, float[] to, int at) {
    System.arraycopy(values, place(row, steps[row] - held(row) + step), to, at, plane.units());
  }

  private int place(int row, long step) {
    return (row * capacity + (int) (step % capacity)) * plane.units();
  }

  /** Takes a step that lies some steps ahead. A row that there is no room for is let go. */
  public void put(int row, int forward, float[] from, int at) {
    if (row < steps.length) {
      System.arraycopy(from, at, values, place(row, steps[row] + forward), plane.units());
    }
  }

  /** Says that some steps of the op are complete for a row. */
  public void advance(int row, int count) {
    if (row < steps.length) {
      steps[row] += (long) count * each;
    }
  }
}
