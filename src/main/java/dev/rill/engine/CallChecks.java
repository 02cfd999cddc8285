package dev.rill.engine;

import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;

/** What a plan asks of a call with arrays before anything changes: a number of steps that makes sense, enough elements. */
final class CallChecks {
  private final PlanPorts inputs;
  private final PlanPorts outputs;

  CallChecks(PlanPorts inputs, PlanPorts outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Holds the arrays of the only input and the only output against a call. */
  void check(int rows, int steps, float[] x, float[] y) {
    if (inputs.signals.length != 1 || outputs.signals.length != 1) {
      throw new ShapeException("the model has " + inputs.signals.length + " inputs and " + outputs.signals.length
          + " outputs: use step(Tensor[], Tensor[])");
    }
    if (steps != 1) {
      checkSteps(rows, steps);
    }
    check("x", x, rows, steps, inputs.widths[0]);
    check("y", y, rows, outputs.sequences[0] ? steps : 1, outputs.widths[0]);
    if (x == y && rows > 0) {
      throw new ShapeException("x and y are the same array: outputs need an array of their own");
    }
  }

  private void checkSteps(int rows, int steps) {
    Require.atLeast(steps, 0, "time steps of a call");
    if (steps > 1 && !inputs.sequences[0]) {
      throw new ShapeException("the model's input has no time axis: expected 1 step a call, got " + steps);
    }
    if (steps == 0 && rows > 0 && !outputs.sequences[0]) {
      throw new ShapeException("the model returns what the last step comes to: expected at least 1 step, got 0");
    }
  }

  /** Holds an array against rows of some steps. */
  static void check(String name, float[] array, int rows, int steps, int width) {
    // A product of all three might not fit into 64 bits.
    long cells = (long) rows * steps;
    if (Require.given(array, name).length < (cells > Integer.MAX_VALUE ? Long.MAX_VALUE : cells * width)) {
      throw new ShapeException(name + " has " + array.length + " floats: expected " + rows + " rows x " + steps + " steps x "
          + width + " features" + (cells > Integer.MAX_VALUE ? "" : " = " + cells * width));
    }
  }
}
