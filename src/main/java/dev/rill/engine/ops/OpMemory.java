package dev.rill.engine.ops;

import java.util.Arrays;

/** What ops share while a plan runs: where each tensor lies, and the scratch of each op. */
public class OpMemory {
  private final TensorView[] views;
  private final Object[] scratch;
  private Capacity capacity = Capacity.NONE;

  /** Memory for so many tensors and ops, empty before the first call. */
  public OpMemory(int views, int ops) {
    this.views = views(views);
    scratch = new Object[ops];
  }

  /** Views that lie nowhere yet. */
  protected static TensorView[] views(int count) {
    TensorView[] all = new TensorView[count];
    for (int i = 0; i < count; i++) {
      all[i] = new TensorView();
    }
    return all;
  }

  /** Where a tensor lies. */
  public final TensorView view(int index) {
    return views[index];
  }

  /** What an op made for itself by {@link InferenceOp#scratch}. */
  public final Object scratch(int op) {
    return scratch[op];
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

  /**
   * Makes room for a call; allocates only if no earlier call was as large.
   *
   * @throws dev.rill.tensor.ShapeException if there is none; a smaller call may follow
   */
  public final void ensure(InferenceOp[] ops, int rows, int steps) {
    if (capacity.fits(rows, steps)) {
      return;
    }
    Capacity larger = capacity.with(rows, steps);
    // The old scratch goes first, so that both need never fit at once; until the new one is whole there is none.
    capacity = Capacity.NONE;
    for (int i = 0; i < ops.length; i++) {
      scratch[i] = null;
    }
    try {
      for (int i = 0; i < ops.length; i++) {
        scratch[i] = ops[i].scratch(larger);
      }
    } catch (OutOfMemoryError | ArithmeticException e) {
      Arrays.fill(scratch, null);
      throw MemoryLimits.tooLarge(ops, larger);
    }
    capacity = larger;
  }
}
