package dev.rill.engine;

import dev.rill.engine.ops.BoundOp;
import dev.rill.engine.ops.TensorView;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/**
 * A step like the one before it: of the same state and of as many rows that lie together, where all that ops look up for a call still
 * stands as they left it. A workspace has one, which is told of each step that can be made again and forgets it as soon as
 * anything else is bound or prepared, so that steps of changing rows make no garbage.
 */
final class RepeatedStep {
  private final Plan plan;
  private final BoundOp[] ops;
  private final PlanMemory ws;
  private final TensorView input;
  private final TensorView output;
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
    input = ws.boundInput(0);
    output = ws.boundOutput(0);
    ops = ws.bound();
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

  /** Whether a call is the one just made once more, with its very arrays: then nothing but what is in them has to be checked again. */
  boolean fits(Planes stepped, int count, float[] x, float[] y) {
    return fits(stepped, count) && input.data == x && output.data == y;
  }

  /** Steps the rows from the first on, from and to other arrays: [rows][features]. */
  void run(Kernels k, int first, float[] x, float[] y) {
    input.set(x);
    output.set(y);
    run(k, first);
  }

  /** Steps the rows from the first on. */
  void run(Kernels k, int first) {
    plan.check(ws, rows);
    for (BoundOp op : ops) {
      op.again(k, planes, first, rows);
    }
    result.copy(output, rows, 0, width);
  }
}
