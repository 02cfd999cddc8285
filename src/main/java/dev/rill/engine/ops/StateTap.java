package dev.rill.engine.ops;

import dev.rill.kernels.Rows;
import dev.rill.tensor.State;
import java.util.ArrayList;
import java.util.List;

/** Is told by recurrent layers what they have after each step, and on request what their gates were. */
public final class StateTap {
  private final boolean gates;
  /** By op, null where it has no state; then by plane, states before gates. */
  private final StepRing[][] rings;
  /** By op: where it computes its gates. */
  private final float[][] scratch;
  private final Rows cursor = new Rows();

  /**
   * Makes room.
   *
   * @param ops of a plan
   * @param rows of the state
   * @param capacity steps of each that are kept
   * @param gates whether gates are wanted, too
   * @throws dev.rill.tensor.ShapeException if there is no room
   */
  public StateTap(InferenceOp[] ops, int rows, int capacity, boolean gates) {
    this.gates = gates;
    rings = new StepRing[ops.length][];
    scratch = new float[ops.length][];
    for (int op = 0; op < ops.length; op++) {
      List<State.Plane> planes = ops[op].tapped(gates);
      rings[op] = new StepRing[planes.size()];
      for (int p = 0; p < planes.size(); p++) {
        rings[op][p] = new StepRing(planes.get(p), rows, capacity);
      }
      scratch[op] = new float[gates ? ops[op].tapScratch() : 0];
    }
  }

  /** All that has been told, in running order. */
  public List<StepRing> rings() {
    List<StepRing> all = new ArrayList<>();
    for (StepRing[] own : rings) {
      all.addAll(List.of(own));
    }
    return all;
  }

  /** Whether gates are wanted. */
  public boolean gates() {
    return gates;
  }

  /** Where an op computes its gates. */
  public float[] scratch(int op) {
    return scratch[op];
  }

  /** A cursor for that. */
  public Rows cursor() {
    return cursor;
  }

  /** Takes one row's values of a step that lies some steps ahead. */
  public void put(int op, int plane, int row, int forward, float[] from, int at) {
    rings[op][plane].put(row, forward, from, at);
  }

  /** Says that some steps of a row are complete. */
  public void advance(int op, int row, int count) {
    for (StepRing ring : rings[op]) {
      ring.advance(row, count);
    }
  }
}
