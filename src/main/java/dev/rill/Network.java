package dev.rill;

import dev.rill.engine.Plan;
import dev.rill.engine.Workspace;
import dev.rill.keras.KerasFile;
import dev.rill.layers.Graph;
import dev.rill.tensor.Precision;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A model to be served: its structure and its packed weights, immutable, shared by any number of threads. State lives in
 * {@link Session}s.
 *
 * <pre>{@code
 * Network network = Network.load(Path.of("model.keras"));
 * Session session = network.session(1);
 * session.step(x, y);
 * }</pre>
 */
public final class Network {
  private final Plan plan;
  private final Precision precision;
  private final int fingerprint;

  Network(Plan plan, Precision precision, int fingerprint) {
    this.plan = plan;
    this.precision = precision;
    this.fingerprint = fingerprint;
  }

  /**
   * Loads a model that Keras saved: {@code .keras}, or a legacy {@code .h5} with its configuration. What its optimizer remembers is
   * left out; the file is needed no more afterwards.
   *
   * @param file the file
   * @return the network, ready to step
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Network load(Path file) throws IOException {
    return load(file, Precision.FLOAT32);
  }

  /**
   * Loads a model that Keras saved and keeps its weights in numbers of some precision.
   *
   * @param file the file
   * @param precision of the weights; sums, states and biases are float32 in each
   * @return the network, ready to step
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Network load(Path file, Precision precision) throws IOException {
    KerasFile.Content content = KerasFile.loadForInference(file);
    return of(content.graph(), content.weights(), precision);
  }

  static Network of(Graph graph, Weights weights, Precision precision) {
    return new Network(Plan.of(graph, weights, precision), precision, precision.fingerprint(weights.fingerprint()));
  }

  /**
   * Opens a session of streams that start at zero.
   *
   * @param rows number of streams
   * @return a session for one thread at a time
   * @throws StateException if the model needs the whole time axis, see {@link #streams()}
   */
  public Session session(int rows) {
    return session(rows, plan.workspace());
  }

  /**
   * Opens a session that shares scratch memory with others of the same thread: many sessions then cost their states and
   * little more.
   *
   * @param rows number of streams
   * @param workspace from {@link #workspace()} of this network
   * @return a session for one thread at a time
   * @throws StateException if the model needs the whole time axis, or the workspace is another network's
   */
  public Session session(int rows, Workspace workspace) {
    checkStreams();
    if (rows < 0) {
      throw new ShapeException("expected a number of rows, got " + rows);
    }
    if (!plan.owns(workspace)) {
      throw new StateException("the workspace belongs to another network: use workspace() of this one");
    }
    return new Session(this, workspace, rows);
  }

  /**
   * Opens a session that continues a state.
   *
   * @param from a state of this structure and these weights
   * @return a session for one thread at a time
   * @throws StateException if the state belongs to another structure or other weights
   */
  public Session session(State from) {
    Session session = session(from.rows());
    session.state(from);
    return session;
  }

  private void checkStreams() {
    if (!streams()) {
      throw new StateException("this model cannot be streamed: " + plan.obstacle() + "; use Model.predict");
    }
  }

  /**
   * Scratch memory that sessions of one thread may share.
   *
   * @return an empty workspace
   */
  public Workspace workspace() {
    return plan.workspace();
  }

  /**
   * Whether time can be cut into calls as one likes without changing a bit.
   *
   * @return false if a layer needs the whole time axis
   */
  public boolean streams() {
    return plan.obstacle() == null;
  }

  /**
   * Runs the kernels at this model's shapes until SIMD has taken over and latency is flat, on the caller's thread and on
   * data of its own.
   *
   * @param budget how long at the most
   * @return what ran and what came of it
   */
  public WarmUp warmUp(Duration budget) {
    return WarmUp.run(this, budget);
  }

  /**
   * Memory of the packed weights.
   *
   * @return bytes
   */
  public long weightBytes() {
    return plan.weightBytes();
  }

  /**
   * Memory of the state of some streams.
   *
   * @param rows number of streams
   * @return bytes
   */
  public long stateBytes(int rows) {
    return plan.stateBytes(rows);
  }

  /**
   * Memory of a workspace that has seen calls of many steps.
   *
   * @param rows largest number of rows in a call
   * @return bytes
   */
  public long workspaceBytes(int rows) {
    return plan.workspaceBytes(rows);
  }

  /**
   * In which numbers the weights are kept.
   *
   * @return float32 unless another was asked for
   */
  public Precision precision() {
    return precision;
  }

  /**
   * Check sum of the weights and their precision, which states remember.
   *
   * @return CRC-32C
   */
  public int weightsFingerprint() {
    return fingerprint;
  }

  /**
   * What sessions keep for each stream.
   *
   * @return planes in running order
   */
  public List<State.Plane> planes() {
    return plan.planes();
  }

  /**
   * Number of inputs.
   *
   * @return at least 1
   */
  public int inputs() {
    return plan.graph().inputs().size();
  }

  /**
   * Number of outputs.
   *
   * @return at least 1
   */
  public int outputs() {
    return plan.graph().outputs().size();
  }

  /**
   * Features of one input.
   *
   * @param input its index
   * @return size of its last axis
   */
  public int inputFeatures(int input) {
    return plan.inputWidth(input);
  }

  /**
   * Features of one output.
   *
   * @param output its index
   * @return size of its last axis
   */
  public int outputFeatures(int output) {
    return plan.outputWidth(output);
  }

  /**
   * Says which kernels run and why.
   *
   * @return for example {@code simd, 512 bit (auto)}, followed by the precision of the weights if that is not float32
   */
  public String describe() {
    return plan.kernels() + (precision == Precision.FLOAT32 ? "" : ", " + precision + " weights");
  }

  Plan plan() {
    return plan;
  }
}
