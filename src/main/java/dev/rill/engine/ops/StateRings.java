package dev.rill.engine.ops;

import java.util.ArrayList;
import java.util.List;

/** Keeps the last so many steps of what it is told. */
public final class StateRings extends StateTap {
  /** By op, then by plane, states before gates. */
  private final StepRing[][] rings;

  /**
   * Makes room.
   *
   * @param ops of a plan
   * @param rows of the state
   * @param capacity steps of each that are kept
   * @param gates whether gates are wanted, too
   * @throws dev.rill.tensor.ShapeException if there is no room
   */
  public StateRings(InferenceOp[] ops, int rows, int capacity, boolean gates) {
    super(ops, gates);
    rings = new StepRing[ops.length][];
    for (int op = 0; op < ops.length; op++) {
      List<TappedPlane> planes = ops[op].tapped(gates);
      rings[op] = new StepRing[planes.size()];
      for (int p = 0; p < planes.size(); p++) {
        rings[op][p] = new StepRing(planes.get(p), rows, capacity);
      }
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

  @Override
  public void put(int op, int plane, int row, int forward, float[] from, int at) {
    rings[op][plane].put(row, forward, from, at);
  }

  @Override
  public void advance(int op, int row, int count) {
    for (StepRing ring : rings[op]) {
      ring.advance(row, count);
    }
  }
}
