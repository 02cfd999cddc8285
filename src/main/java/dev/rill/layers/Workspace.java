package dev.rill.layers;

/**
 * Scratch memory for one plan: sessions of one thread may share it, threads may not. It grows to the largest call it has
 * seen and is empty before the first.
 */
public final class Workspace {
  private final Plan plan;
  private final Signal[] signals;
  private final Signal[] inputs;
  private final Signal[] outputs;
  private final Object[] scratch;
  private int rows;
  private int steps;

  Workspace(Plan plan, int signals, int inputs, int outputs, int programs) {
    this.plan = plan;
    this.signals = signals(signals);
    this.inputs = signals(inputs);
    this.outputs = signals(outputs);
    scratch = new Object[programs];
  }

  private static Signal[] signals(int count) {
    Signal[] all = new Signal[count];
    for (int i = 0; i < count; i++) {
      all[i] = new Signal();
    }
    return all;
  }

  /**
   * Points an input at a caller's array; nothing is copied.
   *
   * @param input index of the model's input
   * @param x the array
   * @param at first element
   * @param rowStride distance between rows
   * @param stepStride distance between time steps
   * @param steps number of time steps, 1 for an input that is no sequence
   */
  public void input(int input, float[] x, int at, int rowStride, int stepStride, int steps) {
    inputs[input].set(x, at, rowStride, stepStride, steps);
  }

  /**
   * Says where an output goes.
   *
   * @param output index of the model's output
   * @param y the array
   * @param at first element
   * @param rowStride distance between rows
   * @param stepStride distance between time steps
   */
  public void output(int output, float[] y, int at, int rowStride, int stepStride) {
    outputs[output].set(y, at, rowStride, stepStride, 0);
  }

  Plan plan() {
    return plan;
  }

  Signal signal(int index) {
    return signals[index];
  }

  Signal boundInput(int index) {
    return inputs[index];
  }

  Signal boundOutput(int index) {
    return outputs[index];
  }

  Object scratch(int program) {
    return scratch[program];
  }

  /** Makes room for a call; allocates only if no earlier call was as large. */
  void ensure(Program[] programs, int neededRows, int neededSteps) {
    if (neededRows <= rows && neededSteps <= steps) {
      return;
    }
    int newRows = Math.max(rows, neededRows);
    int newSteps = Math.max(steps, neededSteps);
    for (int i = 0; i < programs.length; i++) {
      scratch[i] = null;
    }
    for (int i = 0; i < programs.length; i++) {
      scratch[i] = programs[i].scratch(newRows, newSteps);
    }
    rows = newRows;
    steps = newSteps;
  }

  /** Lets go of the callers' arrays. */
  void release() {
    for (Signal signal : inputs) {
      signal.data = null;
    }
    for (Signal signal : outputs) {
      signal.data = null;
    }
  }
}
