package dev.rill.engine.ops;

import dev.rill.tensor.Memory;
import java.util.Arrays;

/** What ops share while a plan runs: where each tensor lies, and the scratch of each op. */
public class OpMemory {
  private final TensorView[] views;
  private final Object[] scratch;
  private final BoundOp[] bound;
  private Capacity capacity = Capacity.NONE;
  private StateTap tap;

  /** Memory for so many tensors and ops, empty before the first call. */
  public OpMemory(int views, int ops) {
    this.views = TensorView.some(views);
    scratch = new Object[ops];
    bound = new BoundOp[ops];
  }

  /** Where a tensor lies. */
  public final TensorView view(int index) {
    return views[index];
  }

  /** What an op made for itself by {@link InferenceOp#scratch}. */
  public final Object scratch(int op) {
    return scratch[op];
  }

  /** The ops, bound to this memory, once there is room for a call: the same array from the beginning. */
  public final BoundOp[] bound() {
    return bound;
  }

  /**
   * Whether somebody is told of states and gates. Each step asks: {@link #tap()}, whose type a process without recordings has not
   * loaded, would stay a call in compiled code.
   */
  public final boolean tapped() {
    return tap != null;
  }

  /** Who is told of states and gates; null for nobody. */
  public final StateTap tap() {
    return tap;
  }

  /** Says who is told of states and gates from now on. */
  public final void tap(StateTap listener) {
    tap = listener;
  }

  /** Writes 1 for each step that counts in one of some masks, else 0: [rows][steps]. */
  final void join(int[] masks, int rows, int steps, float[] to) {
    for (int cell = 0; cell < rows * steps; cell++) {
      boolean counts = false;
      for (int i = 0; i < masks.length && !counts; i++) {
        counts = views[masks[i]].counts(cell / steps, cell % steps);
      }
      to[cell] = counts ? 1 : 0;
    }
  }

  /** Makes room for a call, or refuses it; allocates only if no earlier call was as large. */
  public final void ensure(InferenceOp[] ops, int rows, int steps) {
    if (capacity.fits(rows, steps)) {
      return;
    }
    Capacity larger = capacity.with(rows, steps);
    long bytes = 0;
    InferenceOp most = null;
    for (InferenceOp op : ops) {
      long floats = op.scratchFloats(larger);
      if (floats > Memory.MAX_LENGTH) {
        Memory.check(floats, need(op, rows, steps));
      }
      bytes += Float.BYTES * floats;
      most = most == null || floats > most.scratchFloats(larger) ? op : most;
    }
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw Memory.tooLarge(bytes, need(most, rows, steps) + ", and the others");
    }
    // The old scratch goes first, so that both need never fit at once; until the new one is whole there is none.
    capacity = Capacity.NONE;
    drop();
    for (int i = 0; i < ops.length; i++) {
      try {
        scratch[i] = ops[i].scratch(larger);
        bound[i] = ops[i].bind(this);
      } catch (OutOfMemoryError e) {
        drop();
        throw Memory.tooLarge(bytes, need(most, rows, steps) + ", and the others");
      }
    }
    capacity = larger;
  }

  private void drop() {
    Arrays.fill(scratch, null);
    Arrays.fill(bound, null);
  }

  private static String need(InferenceOp op, int rows, int steps) {
    return "scratch memory of layer " + op.layerName + " for a call of " + rows + " rows of " + steps + " time steps";
  }

  /** The largest calls that it has room for, in words. */
  public final String room() {
    return capacity.rows() + " rows, " + capacity.cells() + " steps in all";
  }
}
