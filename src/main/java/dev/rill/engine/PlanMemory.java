package dev.rill.engine;

import dev.rill.engine.ops.OpMemory;
import dev.rill.engine.ops.TensorView;
import dev.rill.tensor.Require;
import dev.rill.tensor.StateException;

/**
 * Scratch memory for one plan: sessions of one thread may share it, threads may not. It grows to the largest call it has
 * seen and is empty before the first.
 */
public final class PlanMemory extends OpMemory {
  private final Plan plan;
  private final TensorView[] inputs;
  private final TensorView[] outputs;
  private final StepCounts counts;
  private final RepeatedStep repeatedStep;
  /** Whether a call is under way; a plain flag, which tells of two threads as far as it can. */
  private boolean busy;
  /** What happens is written down here; null for nowhere. */
  private Recording recording;

  /** Inputs are given as the signals that ops read: where a caller's array is bound, there it is read. */
  PlanMemory(Plan plan, int signals, int[] inputs, int[] outputs, int ops) {
    super(signals, ops);
    this.plan = plan;
    this.inputs = new TensorView[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      this.inputs[i] = view(inputs[i]);
    }
    this.outputs = TensorView.some(outputs.length);
    counts = new StepCounts(plan.graph());
    repeatedStep = new RepeatedStep(plan, this, view(outputs[0]));
  }

  /**
   * Points an input at a caller's array for one call; nothing is copied.
   *
   * @param input index of the model's input
   * @param x the array
   * @param at first element
   * @param rowStride distance between rows
   * @param stepStride distance between time steps
   * @param steps number of time steps, 1 for an input that is no sequence
   * @throws dev.rill.tensor.RillException if there is no such input or no array
   */
  public void input(int input, float[] x, int at, int rowStride, int stepStride, int steps) {
    Require.index(input, inputs.length, "input");
    Require.given(x, "the array of an input");
    repeatedStep.forget();
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
   * @throws dev.rill.tensor.RillException if there is no such output or no array
   */
  public void output(int output, float[] y, int at, int rowStride, int stepStride) {
    Require.index(output, outputs.length, "output");
    repeatedStep.forget();
    outputs[output].set(Require.given(y, "the array of an output"), at, rowStride, stepStride, 0);
  }

  /**
   * Begins a call.
   *
   * @throws StateException if one is under way
   */
  public void enter() {
    checkIdle();
    busy = true;
  }

  /** Ends a call. */
  public void leave() {
    busy = false;
  }

  /**
   * Refuses to go on while a call is under way.
   *
   * @throws StateException if one is
   */
  public void checkIdle() {
    if (busy) {
      throw new StateException("a session, or the workspace it shares, is used by two threads at once: give each thread a "
          + "session of its own and a workspace of its own");
    }
  }

  /**
   * Says where calls are written down from now on.
   *
   * @param to a recording of this workspace's plan, or null for nowhere
   */
  public void record(Recording to) {
    recording = to;
    tap(to == null ? null : to.tap());
  }

  /** Whether calls are written down. As {@link #tapped()}, a question of no type that is not loaded. */
  boolean recorded() {
    return recording != null;
  }

  Recording recording() {
    return recording;
  }

  RepeatedStep repeatedStep() {
    return repeatedStep;
  }

  Plan plan() {
    return plan;
  }

  /** Steps of the call under way. */
  StepCounts counts() {
    return counts;
  }

  TensorView boundInput(int index) {
    return inputs[index];
  }

  TensorView[] boundInputs() {
    return inputs;
  }

  TensorView boundOutput(int index) {
    return outputs[index];
  }
}
