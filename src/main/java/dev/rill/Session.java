package dev.rill;

import dev.rill.engine.Plan;
import dev.rill.engine.StateBuffer;
import dev.rill.engine.Workspace;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * Some streams on one network: a row of state for each. One thread at a time; a step on a warm session allocates
 * nothing, takes no lock and starts no thread.
 *
 * <p>A stream's outputs and states do not depend, to the bit, on the rows beside it, on its row, or on how time is cut
 * into calls. Every recurrent layer carries its state, whatever its {@code stateful} flag. Arguments are checked
 * before anything changes. Use of a session, or of a shared workspace, by two threads at once is detected as far
 * as a plain flag can tell.
 */
public final class Session {
  private static final int[] NO_MARKS = {};

  private final Network network;
  private final Plan plan;
  private final Workspace workspace;
  private final StateBuffer state;
  // What a step asks of the plan, fetched once.
  private final boolean single;
  private final boolean xSequence;
  private final boolean ySequence;
  private final int in;
  private final int out;
  // For rows in no order: marks[row] == mark if the row was seen in this call.
  private int[] marks = NO_MARKS;
  private int mark;

  Session(Network network, Workspace workspace, int rows) {
    this.network = network;
    this.workspace = workspace;
    plan = network.plan();
    state = plan.state(rows);
    single = network.inputs() == 1 && network.outputs() == 1;
    xSequence = plan.inputSequence(0);
    ySequence = plan.outputSequence(0);
    in = plan.inputWidth(0);
    out = plan.outputWidth(0);
  }

  /**
   * One time step of every stream of a model with one input and one output.
   *
   * @param x inputs, [rows][in]
   * @param y outputs, [rows][out]; not the same array as {@code x}
   * @throws ShapeException if an array is too short, or the model has several inputs or outputs
   */
  public void step(float[] x, float[] y) {
    advance(null, state.rows(), 1, x, y);
  }

  /**
   * One time step of some of the streams; the others stay as they are.
   *
   * @param rows streams, each at most once
   * @param n how many of {@code rows} count
   * @param x inputs, [n][in], in the order of {@code rows}
   * @param y outputs, [n][out], in the order of {@code rows}; not the same array as {@code x}
   * @throws ShapeException if an array is too short, or a row is out of range or given twice
   */
  public void step(int[] rows, int n, float[] x, float[] y) {
    advance(Objects.requireNonNull(rows, "rows"), n, 1, x, y);
  }

  /**
   * A stretch of time of every stream, to the same bits as step by step.
   *
   * @param steps number of time steps
   * @param x inputs, [rows][steps][in]
   * @param y outputs, [rows][steps][out], or [rows][out] if the model returns the last step only; not the same array as
   *     {@code x}
   * @throws ShapeException if an array is too short, or the model has several inputs or outputs
   */
  public void run(int steps, float[] x, float[] y) {
    advance(null, state.rows(), steps, x, y);
  }

  /**
   * A stretch of time of some of the streams.
   *
   * @param rows streams, each at most once
   * @param n how many of {@code rows} count
   * @param steps number of time steps
   * @param x inputs, [n][steps][in]
   * @param y outputs, [n][steps][out], or [n][out] if the model returns the last step only
   * @throws ShapeException if an array is too short, or a row is out of range or given twice
   */
  public void run(int[] rows, int n, int steps, float[] x, float[] y) {
    advance(Objects.requireNonNull(rows, "rows"), n, steps, x, y);
  }

  /** Some of the streams, or all of them if {@code rows} is null. */
  private void advance(int[] rows, int n, int steps, float[] x, float[] y) {
    if (!single) {
      throw new ShapeException("the model has " + network.inputs() + " inputs and " + network.outputs()
          + " outputs: use step(Tensor[], Tensor[])");
    }
    int xSteps = xSequence ? steps : 1;
    int ySteps = ySequence ? steps : 1;
    checkRows(rows, n);
    checkLength("x", x, n, xSteps, in);
    checkLength("y", y, n, ySteps, out);
    if (x == y && n > 0) {
      throw new ShapeException("x and y are the same array: outputs need an array of their own");
    }
    if (steps == 0) {
      return;
    }
    workspace.enter();
    try {
      if (steps == 1) {
        plan.step(workspace, state, rows, n, x, y);
      } else {
        workspace.input(0, x, 0, xSteps * in, in, xSteps);
        workspace.output(0, y, 0, ySteps * out, out);
        plan.run(workspace, state, rows, n);
      }
    } finally {
      workspace.leave();
    }
  }

  /**
   * One or more time steps of a model with several inputs or outputs.
   *
   * @param x one tensor an input: (rows, features) for one step, (rows, steps, features) for more; ids are (rows, steps)
   * @param y one tensor an output, likewise; a result of the last step only is (rows, features)
   * @throws ShapeException if a shape does not fit, or an input and an output share an array
   */
  public void step(Tensor[] x, Tensor[] y) {
    if (x.length != network.inputs() || y.length != network.outputs()) {
      throw new ShapeException("the model has " + network.inputs() + " inputs and " + network.outputs() + " outputs, got "
          + x.length + " and " + y.length);
    }
    int steps = -1;
    for (int i = 0; i < x.length; i++) {
      if (plan.inputSequence(i)) {
        int own = x[i].shape().rank() == 3 || plan.inputIds(i) ? x[i].shape().axis(1) : 1;
        if (steps >= 0 && own != steps) {
          throw new ShapeException("input " + i + " has " + own + " time steps, another has " + steps);
        }
        steps = own;
      }
    }
    steps = steps < 0 ? 1 : steps;
    for (int i = 0; i < x.length; i++) {
      if (plan.inputIds(i)) {
        checkIds(i, x[i], steps);
      } else {
        checkShape("input", i, x[i], plan.inputSequence(i), steps, plan.inputWidth(i));
      }
    }
    for (int i = 0; i < y.length; i++) {
      checkShape("output", i, y[i], plan.outputSequence(i), steps, plan.outputWidth(i));
      for (Tensor input : x) {
        if (input.array() == y[i].array()) {
          throw new ShapeException("output " + i + " lies in the array of an input: outputs need arrays of their own");
        }
      }
    }
    if (steps == 0) {
      return;
    }
    workspace.enter();
    try {
      for (int i = 0; i < x.length; i++) {
        workspace.input(i, x[i].array(), x[i].offset(), x[i].stride(), plan.inputWidth(i),
            plan.inputSequence(i) ? steps : 1);
      }
      for (int i = 0; i < y.length; i++) {
        workspace.output(i, y[i].array(), y[i].offset(), y[i].stride(), plan.outputWidth(i));
      }
      plan.run(workspace, state, null, state.rows());
    } finally {
      workspace.leave();
    }
  }

  private void checkIds(int input, Tensor tensor, int steps) {
    if (tensor.shape().rank() != 2 || tensor.shape().axis(0) != state.rows()) {
      throw new ShapeException("input " + input + ": expected ids of shape " + Shape.of(state.rows(), steps) + ", got "
          + tensor.shape());
    }
  }

  private void checkShape(String what, int index, Tensor tensor, boolean sequence, int steps, int width) {
    Shape shape = tensor.shape();
    boolean fits = shape.rank() == 3
        ? sequence && shape.axis(1) == steps
        : shape.rank() == 2 && (!sequence || steps == 1);
    if (!fits || shape.axis(0) != state.rows() || shape.axis(-1) != width) {
      Shape expected = sequence ? Shape.of(state.rows(), steps, width) : Shape.of(state.rows(), width);
      throw new ShapeException(what + " " + index + ": expected shape " + expected + ", got " + shape);
    }
  }

  private void checkRows(int[] rows, int n) {
    int count = state.rows();
    if (rows == null) {
      return;
    }
    if (n < 0 || n > rows.length) {
      throw new ShapeException("n is " + n + ", but rows has " + rows.length + " elements");
    }
    for (int i = 0; i < n; i++) {
      if (rows[i] < 0 || rows[i] >= count) {
        throw new ShapeException("row " + rows[i] + " at " + i + ": the session has " + count + " rows");
      }
    }
    boolean ascending = true;
    for (int i = 1; i < n && ascending; i++) {
      ascending = rows[i] > rows[i - 1];
    }
    if (!ascending) {
      checkDistinct(rows, n);
    }
  }

  /** A row that stands twice would have to be advanced twice at once. */
  private void checkDistinct(int[] rows, int n) {
    if (marks.length < state.rows()) {
      marks = new int[state.rows()];
      mark = 0;
    }
    if (++mark == 0) {
      Arrays.fill(marks, 0);
      mark = 1;
    }
    for (int i = 0; i < n; i++) {
      if (marks[rows[i]] == mark) {
        throw new ShapeException("row " + rows[i] + " is given twice");
      }
      marks[rows[i]] = mark;
    }
  }

  private static void checkLength(String name, float[] array, int rows, int steps, int width) {
    long needed = (long) rows * steps * width;
    if (steps < 0 || array.length < needed) {
      throw new ShapeException(name + " has " + array.length + " floats: expected " + needed + " for " + rows + " rows, "
          + steps + " steps, " + width + " features");
    }
  }

  /**
   * Number of streams.
   *
   * @return rows
   */
  public int rows() {
    return state.rows();
  }

  /**
   * Changes the number of streams; those that stay keep their state, new ones start at zero.
   *
   * @param rows new number
   */
  public void resize(int rows) {
    workspace.checkIdle();
    state.resize(rows);
  }

  /** Sets every stream to zero. */
  public void reset() {
    workspace.checkIdle();
    state.reset();
  }

  /**
   * Sets one stream to zero.
   *
   * @param row its row
   */
  public void reset(int row) {
    workspace.checkIdle();
    state.reset(row);
  }

  /**
   * Gives one stream the state of another.
   *
   * @param from row read
   * @param to row written
   */
  public void copy(int from, int to) {
    workspace.checkIdle();
    state.copy(from, to);
  }

  /**
   * The state as a value.
   *
   * @return a copy
   */
  public State state() {
    workspace.checkIdle();
    return state.get(network.weightsFingerprint());
  }

  /**
   * Takes a state in; the number of rows becomes that of the state.
   *
   * @param from a state of this structure, made with these weights
   * @throws StateException if it belongs to another structure or other weights
   */
  public void state(State from) {
    if (from.weightsFingerprint() != network.weightsFingerprint()) {
      throw new StateException("the state was made with other weights: use stateOfOtherWeights if that is meant");
    }
    workspace.checkIdle();
    state.set(from);
  }

  /**
   * Takes a state in that was made with other weights, for example before the model was trained further.
   *
   * @param from a state of this structure
   * @throws StateException if it belongs to another structure
   */
  public void stateOfOtherWeights(State from) {
    workspace.checkIdle();
    state.set(from);
  }
}
