package dev.rill.engine;

import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.TensorView;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/**
 * A step like the one before it: of the same state and of as many rows that lie together, where all that ops look up for a call still
 * stands as they left it. A workspace has one, which is told of each step that can be made again and forgets it with the next call that
 * is none, so that steps of changing rows make no garbage.
 */
final class RepeatedStep {
  private final Plan plan;
  private final InferenceOp[] ops;
  private final PlanMemory ws;
  private final TensorView result;
  private final int width;
  /** What was stepped last; null if that cannot be repeated. */
  private Planes planes;
  private int rows;

  /** The result is the signal that becomes the plan's first output. */
  RepeatedStep(Plan plan, PlanMemory ws, TensorView result) {
    this.plan = plan;
    this.ws = ws;
    this.result = result;
    ops = plan.ops();
    width = plan.outputWidth(0);
  }

  /** The call just made was one step of so many rows that lie together, and left everything in place. */
  void remember(Planes stepped, int count) {
    planes = stepped;
    rows = count;
  }

  void forget() {
    planes = null;
  }

  boolean fits(Planes stepped, int count) {
    return planes == stepped && rows == count;
  }

  /** Steps the rows from the first on: [rows][features], inputs and outputs. */
  void run(Kernels k, int first, float[] x, float[] y) {
    ws.boundInput(0).set(x);
    plan.check(ws, rows);
    for (InferenceOp op : ops) {
      op.again(k, ws, planes, first, rows);
    }
    ws.boundOutput(0).set(y);
    result.copy(ws.boundOutput(0), rows, 0, width);
  }
}
