package dev.rill;

import dev.rill.engine.Plan;
import dev.rill.engine.PlanMemory;
import dev.rill.engine.StateBuffer;
import dev.rill.tensor.Memory;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;

/**
 * Some streams on one network: a row of state for each. One thread at a time; a step on a warm session allocates
 * nothing, takes no lock and starts no thread.
 *
 * <p>A stream's outputs and states do not depend, to the bit, on the rows beside it, on its row, or on how time is cut
 * into calls. Every recurrent layer carries its state, whatever its {@code stateful} flag. Arguments are checked
 * before anything changes. Use of a session, or of a shared workspace, by two threads at once is detected as far
 * as a plain flag can tell.
 *
 * <pre>{@code
 * Session session = network.session(1000);             // a thousand streams that start at zero
 * session.step(new int[] {7, 42}, 2, x, y);            // one step of two of them: x is [2][in], y becomes [2][out]
 * session.reset(42);                                   // stream 42 begins anew
 * byte[] saved = session.state().gather(7).toBytes();  // stream 7, to go on elsewhere
 * }</pre>
 */
public final class Session {
  private final Network network;
  private final Plan plan;
  private final PlanMemory workspace;
  private final StateBuffer state;
  /** Null while nothing is recorded. */
  private Recorder recorder;

  Session(Network network, PlanMemory workspace, StateBuffer state) {
    this.network = network;
    this.workspace = workspace;
    this.state = state;
    plan = network.plan();
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
   * <p>The arrays are packed: they hold the {@code n} streams of this call and no others, in the order of {@code rows}. So with
   * {@code rows = {7, 2}} the input of stream 7 begins at {@code packedX[0]} and that of stream 2 at {@code packedX[in]}, however
   * many streams the session has:
   *
   * <pre>{@code
   * int[] rows = {7, 2};
   * float[] packedX = new float[2 * in];
   * System.arraycopy(inputOfStream7, 0, packedX, 0, in);
   * System.arraycopy(inputOfStream2, 0, packedX, in, in);
   * session.step(rows, 2, packedX, packedY);
   * }</pre>
   *
   * @param rows streams, each at most once
   * @param n how many of {@code rows} count
   * @param packedX inputs, [n][in]: element i is the input of stream {@code rows[i]}
   * @param packedY outputs, [n][out]: element i is the output of stream {@code rows[i]}; not the same array as {@code packedX}
   * @throws ShapeException if an array is too short, or a row is out of range or given twice
   */
  public void step(int[] rows, int n, float[] packedX, float[] packedY) {
    advance(Require.given(rows, "rows"), n, 1, packedX, packedY);
  }

  /**
   * A stretch of time of every stream, to the same bits as step by step.
   *
   * @param steps number of time steps; none changes nothing, and a model that returns the last step only needs one
   * @param x inputs, [rows][steps][in]
   * @param y outputs, [rows][steps][out], or [rows][out] if the model returns the last step only; not the same array as
   *     {@code x}
   * @throws ShapeException if an array is too short, the number of steps makes no sense, or the model has several inputs or
   *     outputs
   */
  public void run(int steps, float[] x, float[] y) {
    advance(null, state.rows(), steps, x, y);
  }

  /**
   * A stretch of time of some of the streams, in packed arrays as for {@link #step(int[], int, float[], float[])}.
   *
   * @param rows streams, each at most once
   * @param n how many of {@code rows} count
   * @param steps number of time steps
   * @param packedX inputs, [n][steps][in]: element i is the input of stream {@code rows[i]}
   * @param packedY outputs, [n][steps][out], or [n][out] if the model returns the last step only: element i is the output of
   *     stream {@code rows[i]}
   * @throws ShapeException if an array is too short, the number of steps makes no sense, or a row is out of range or given twice
   */
  public void run(int[] rows, int n, int steps, float[] packedX, float[] packedY) {
    advance(Require.given(rows, "rows"), n, steps, packedX, packedY);
  }

  /** Some of the streams, or all of them if {@code rows} is null. */
  private void advance(int[] rows, int n, int steps, float[] x, float[] y) {
    enter();
    try {
      plan.run(workspace, state, rows, n, steps, x, y);
    } finally {
      leave();
    }
  }

  /**
   * One or more time steps of a model with several inputs or outputs.
   *
   * @param x one tensor an input: (rows, features) for one step, (rows, steps, features) for more; ids are (rows, steps)
   * @param y one tensor an output, likewise; a result of the last step only is (rows, features)
   * @throws ShapeException if a shape does not fit, an input and an output share an array, or two outputs share an element
   */
  public void step(Tensor[] x, Tensor[] y) {
    Require.all(x, "x");
    Require.all(y, "y");
    if (x.length != network.inputs() || y.length != network.outputs()) {
      throw new ShapeException("the model has " + network.inputs() + " inputs and " + network.outputs() + " outputs, got "
          + x.length + " and " + y.length);
    }
    int steps = -1;
    for (int i = 0; i < x.length; i++) {
      if (plan.inputSequence(i)) {
        int own = x[i].shape().rank() == 3 || plan.inputIds(i) && x[i].shape().rank() == 2 ? x[i].shape().axis(1) : 1;
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
      if (steps == 0 && !plan.outputSequence(i) && state.rows() > 0) {
        throw new ShapeException("output " + i + " is what the last step comes to: expected at least 1 step, got 0");
      }
      for (Tensor input : x) {
        if (input.array() == y[i].array() && y[i].size() > 0) {
          throw new ShapeException("output " + i + " lies in the array of an input: outputs need arrays of their own");
        }
      }
      for (int other = 0; other < i; other++) {
        if (y[i].overlaps(y[other])) {
          throw new ShapeException("outputs " + other + " and " + i + " overlap: each needs elements of its own");
        }
      }
    }
    if (steps == 0) {
      return;
    }
    enter();
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
      leave();
    }
  }

  private void enter() {
    workspace.enter();
    // Others may share the workspace.
    if (recorder != null) {
      workspace.record(recorder.recording());
    }
  }

  private void leave() {
    if (recorder != null) {
      workspace.record(null);
    }
    workspace.leave();
  }

  /**
   * A stretch of time of every stream, and what happened on the way: to the same bits as {@link #run(int, float[], float[])}. Needs
   * memory for all steps at once.
   *
   * @param steps number of time steps
   * @param x inputs, [rows][steps][in]
   * @param gates whether gates are wanted beside states
   * @return inputs, states after each step, outputs
   * @throws ShapeException if the array is too short, or the model has several inputs or outputs
   */
  public Trace trace(int steps, float[] x, boolean gates) {
    Require.atLeast(steps, 1, "steps to trace");
    long width = Math.max(1, (long) state.rows() * plan.inputWidth(0));
    if (plan.inputSequence(0) && Require.given(x, "x").length / width < steps) {
      throw new ShapeException("x has " + x.length + " floats: expected " + steps + " steps of " + width + " for all rows");
    }
    Session other = network.session(state());
    Recorder whole = other.record(steps, gates);
    long out = (long) state.rows() * (plan.outputSequence(0) ? steps : 1) * plan.outputWidth(0);
    other.run(steps, x, Memory.floats(out, "the outputs of a trace"));
    state(other.state());
    return Trace.of(whole.recording(), 0, state.rows());
  }

  /**
   * Records from now on what this session does, until {@link #stopRecording()} or the next {@code record}. While nothing is recorded
   * that costs nothing.
   *
   * @param steps how many of each stream are kept, the last ones; at least 1
   * @param gates whether gates are wanted beside states, which costs about as much as the states do
   * @return the recorder, which has all its memory: 4 bytes a unit, row and step
   * @throws ShapeException if that is too much
   */
  public Recorder record(int steps, boolean gates) {
    Require.atLeast(steps, 1, "steps to be kept");
    workspace.checkIdle();
    recorder = new Recorder(plan.recording(state.rows(), steps, gates));
    return recorder;
  }

  /** Records no more; what a recorder holds stays there. */
  public void stopRecording() {
    workspace.checkIdle();
    recorder = null;
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
   * @throws ShapeException if it is negative, or more than arrays hold
   * @throws dev.rill.tensor.RillException if they do not fit into the heap; nothing has changed then
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
   * @throws ShapeException if there is no such row
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
   * @throws ShapeException if there is no such row
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
   * Takes a state in; the number of rows becomes that of the state. It fits if its planes agree with {@link Network#planes()} in
   * order, kind and units; what the layers are called does not matter.
   *
   * @param from a state of this structure, made with these weights
   * @throws StateException if it belongs to another structure or other weights; nothing has changed then
   */
  public void state(State from) {
    workspace.checkIdle();
    // First, so that who is told of other weights can take the way out.
    state.check(from);
    if (from.weightsFingerprint() != network.weightsFingerprint()) {
      throw new StateException("the state was made with other weights (" + Integer.toHexString(from.weightsFingerprint())
          + ", these are " + Integer.toHexString(network.weightsFingerprint()) + "); it fits: call "
          + "Session.stateOfOtherWeights if that is meant");
    }
    state.set(from);
  }

  /**
   * Takes a state in that was made with other weights, for example before the model was trained further.
   *
   * @param from a state of this structure
   * @throws StateException if it belongs to another structure; nothing has changed then
   */
  public void stateOfOtherWeights(State from) {
    workspace.checkIdle();
    state.set(from);
  }

  /**
   * One stream's state as a value.
   *
   * @param row its row
   * @return a copy of one row
   * @throws ShapeException if there is no such row
   */
  public State state(int row) {
    workspace.checkIdle();
    return state.get(row, network.weightsFingerprint());
  }

  /**
   * Writes one stream's state as bytes, {@link Network#rowBytes()} of them; allocates nothing. They name structure and weights.
   *
   * @param row its row
   * @param to the bytes
   * @param at position of the first one
   * @return the position behind the last one
   * @throws ShapeException if there is no such row, or no room for it
   */
  public int save(int row, byte[] to, int at) {
    workspace.checkIdle();
    return state.save(row, network.weightsFingerprint(), to, at);
  }

  /**
   * Takes in what {@link #save} wrote; allocates nothing.
   *
   * @param row the stream's row
   * @param from the bytes, made with this structure and these weights
   * @param at position of the first one
   * @return the position behind the last one
   * @throws ShapeException if there is no such row, or the bytes end before it does
   * @throws StateException if it belongs to another structure or other weights; nothing has changed then
   */
  public int load(int row, byte[] from, int at) {
    if (!fits(from, at)) {
      throw new StateException("the row was made with other weights; it fits: call loadOfOtherWeights if that is meant");
    }
    return loadOfOtherWeights(row, from, at);
  }

  /**
   * Takes in what {@link #save} wrote, be it with other weights; allocates nothing.
   *
   * @param row the stream's row
   * @param from the bytes, made with this structure
   * @param at position of the first one
   * @return the position behind the last one
   * @throws ShapeException if there is no such row, or the bytes end before it does
   * @throws StateException if it belongs to another structure; nothing has changed then
   */
  public int loadOfOtherWeights(int row, byte[] from, int at) {
    workspace.checkIdle();
    return state.load(row, from, at);
  }

  /**
   * Whether {@link #load} would take these bytes.
   *
   * @param from what {@link #save} wrote
   * @param at position of the first byte
   * @return false if they were made with other weights
   * @throws ShapeException if the bytes end before the row does
   * @throws StateException if they belong to another structure
   */
  public boolean fits(byte[] from, int at) {
    return state.weights(from, at) == network.weightsFingerprint();
  }

  /**
   * Hands all streams over to other weights: nothing is copied, and this session has no rows afterwards.
   *
   * @param next a network whose streams keep the same
   * @return a session whose rows go on where these were
   * @throws StateException if the structure differs; nothing has changed then
   */
  public Session moveTo(Network next) {
    workspace.checkIdle();
    Session moved = Require.given(next, "the next network").session(0);
    moved.state.take(state);
    return moved;
  }

  /** Returns the rows and what each keeps. */
  @Override
  public String toString() {
    return "Session of " + rows() + " rows on " + network;
  }
}
