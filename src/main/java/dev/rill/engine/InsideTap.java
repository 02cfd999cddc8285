package dev.rill.engine;

import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.StateTap;
import dev.rill.engine.ops.TappedPlane;
import dev.rill.tensor.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hands on what a plan that runs inside an op tells, as that op's own planes: all steps inside the op's first step, then those inside
 * its second. Its rows are either steps of one row of the op, or rows of the op that make one step.
 */
final class InsideTap extends StateTap {
  private final StateTap outside;
  private final int op;
  /** By op inside: its first plane among those of the op outside. */
  private final int[] firstPlane;
  /** By plane outside: steps of it in a step of the op outside, and in a step of the op inside. */
  private final int[] steps;
  private final int[] stepsInside;
  /** By op inside: its steps so far, the same for all rows. */
  private final int[] done;
  /** Whether the rows inside are steps of one row, or else rows that make one step each. */
  private boolean one;
  /** That row, or the first of them unless a map has them. */
  private int row;
  private int[] map;

  InsideTap(StateTap outside, InferenceOp[] inside, InferenceOp op) {
    super(inside, outside.gates());
    this.outside = outside;
    this.op = op.index;
    List<TappedPlane> planes = op.tapped(outside.gates());
    firstPlane = new int[inside.length];
    steps = new int[planes.size()];
    stepsInside = new int[planes.size()];
    done = new int[inside.length];
    int plane = 0;
    for (int i = 0; i < inside.length; i++) {
      firstPlane[i] = plane;
      for (TappedPlane each : inside[i].tapped(outside.gates())) {
        stepsInside[plane] = each.steps();
        steps[plane] = planes.get(plane).steps();
        plane++;
      }
    }
  }

  /**
   * What a plan inside tells, under the name of the layer outside.
   *
   * @param layer outside
   * @param ops of the plan inside
   * @param steps of each of them in one step of the layer outside
   */
  static List<TappedPlane> planes(String layer, InferenceOp[] ops, int[] steps, boolean gates) {
    List<TappedPlane> all = new ArrayList<>();
    for (InferenceOp op : ops) {
      for (TappedPlane each : op.tapped(gates)) {
        State.Plane plane = each.plane();
        all.add(new TappedPlane(new State.Plane(layer + "/" + plane.layer(), plane.kind(), plane.units()),
            each.steps() * steps[op.index]));
      }
    }
    return all;
  }

  /** Begins steps of one row of the op outside. */
  void beginRow(int row) {
    begin(true, null, row);
  }

  /** Begins one step of rows of the op outside: those that a map says, or those from the first on. */
  void beginStep(int[] map, int first) {
    begin(false, map, first);
  }

  private void begin(boolean one, int[] map, int row) {
    this.one = one;
    this.row = row;
    this.map = map;
    Arrays.fill(done, 0);
  }

  @Override
  public void put(int from, int plane, int rowInside, int forward, float[] values, int at) {
    int to = firstPlane[from] + plane;
    int ahead = done[from] * stepsInside[to] + forward;
    if (one) {
      outside.put(op, to, row, rowInside * steps[to] + ahead, values, at);
    } else {
      outside.put(op, to, map == null ? row + rowInside : map[rowInside], ahead, values, at);
    }
  }

  /** All rows inside go on together; those outside once all is done. */
  @Override
  public void advance(int from, int rowInside, int count) {
    done[from] += rowInside == 0 ? count : 0;
  }
}
