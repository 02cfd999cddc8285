package dev.rill.engine.ops;

import dev.rill.kernels.Rows;

/** Is told by recurrent layers what they have after each step, and on request what their gates were. */
public abstract class StateTap {
  private final boolean gates;
  /** By op: where it computes its gates. */
  private final float[][] scratch;
  /** By op: who is told by what runs inside it; null where nothing does. */
  private final StateTap[] inside;
  private final Rows cursor = new Rows();

  /**
   * Makes what ops need to tell.
   *
   * @param ops of a plan
   * @param gates whether gates are wanted beside states
   */
  protected StateTap(InferenceOp[] ops, boolean gates) {
    this.gates = gates;
    scratch = new float[ops.length][];
    inside = new StateTap[ops.length];
    for (int op = 0; op < ops.length; op++) {
      scratch[op] = new float[gates ? ops[op].tapScratch() : 0];
      inside[op] = ops[op].tapInside(this);
    }
  }

  /** Whether gates are wanted. */
  public final boolean gates() {
    return gates;
  }

  /** Where an op computes its gates. */
  public final float[] scratch(int op) {
    return scratch[op];
  }

  /** What an op made for itself by {@link InferenceOp#tapInside}. */
  public final StateTap inside(int op) {
    return inside[op];
  }

  /** A cursor for gates. */
  public final Rows cursor() {
    return cursor;
  }

  /** Takes one row's values of a step that lies some steps ahead. */
  public abstract void put(int op, int plane, int row, int forward, float[] from, int at);

  /** Says that some steps of a row are complete. */
  public abstract void advance(int op, int row, int count);

  /** Says that some steps of several rows are complete: of those that a map says, or those from the first on. */
  public final void advance(int op, int[] map, int first, int rows, int count) {
    for (int row = 0; row < rows; row++) {
      advance(op, map == null ? first + row : map[row], count);
    }
  }
}
