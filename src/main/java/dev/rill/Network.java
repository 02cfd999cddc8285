package dev.rill;

import dev.rill.engine.Plan;
import dev.rill.events.Events;
import dev.rill.io.StreamBytes;
import dev.rill.keras.KerasFile;
import dev.rill.layers.Graph;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.training.TrainingThreads;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A model to be served: its structure and its packed weights, immutable, shared by any number of threads. State lives in
 * {@link Session}s; {@link Predictor}s run whole windows.
 *
 * <pre>{@code
 * Network network = Network.load(Path.of("model.keras"));
 * Session session = network.session(1);
 * session.step(x, y);
 * }</pre>
 */
public final class Network {
  private static final int BATCH_SIZE = 32;

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
    long begin = System.nanoTime();
    KerasFile.Content content = KerasFile.loadForInference(file);
    Network network = of(content.graph(), content.weights(), precision);
    Events.create().modelLoad(String.valueOf(file.getFileName()), network.weightBytes(), System.nanoTime() - begin);
    return network;
  }

  /**
   * Loads a model from the content of a file that Keras saved, wherever it comes from.
   *
   * @param content of a {@code .keras} archive or a legacy {@code .h5} model; not copied, and needed no more afterwards
   * @return the network, ready to step
   * @throws dev.rill.tensor.FormatException if it is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Network load(byte[] content) {
    return load(content, Precision.FLOAT32);
  }

  /**
   * Loads a model from a stream, such as that of a resource on the class path:
   * {@code load(App.class.getResourceAsStream("/model.keras"))}.
   *
   * @param stream what Keras saved, as one file; it is read to its end and closed
   * @return the network, ready to step
   * @throws dev.rill.tensor.RillException if the stream is null, as of a resource that is not there, or does not fit into the heap
   * @throws IOException if reading fails
   * @throws dev.rill.tensor.FormatException if it is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Network load(InputStream stream) throws IOException {
    // What was read is out of reach when the weights are packed.
    KerasFile.Content loaded = KerasFile.load(StreamBytes.read(stream), false);
    return of(loaded.graph(), loaded.weights(), Precision.FLOAT32);
  }

  /**
   * Loads a model from the content of a file and keeps its weights in numbers of some precision.
   *
   * @param content of a {@code .keras} archive or a legacy {@code .h5} model; not copied, and needed no more afterwards
   * @param precision of the weights; sums, states and biases are float32 in each
   * @return the network, ready to step
   * @throws dev.rill.tensor.FormatException if it is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Network load(byte[] content, Precision precision) {
    KerasFile.Content loaded = KerasFile.load(content, false);
    return of(loaded.graph(), loaded.weights(), precision);
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
   * @throws dev.rill.tensor.ShapeException if the number is negative, or more than arrays hold
   * @throws dev.rill.tensor.RillException if they do not fit into the heap
   */
  public Session session(int rows) {
    return session(rows, workspace());
  }

  /**
   * Opens a session that shares scratch memory with others of the same thread: many sessions then cost their states and
   * little more.
   *
   * @param rows number of streams
   * @param workspace from {@link #workspace()} of this network
   * @return a session for one thread at a time
   * @throws StateException if the model needs the whole time axis, or the workspace is another network's
   * @throws dev.rill.tensor.ShapeException if the number is negative, or more than arrays hold
   * @throws dev.rill.tensor.RillException if they do not fit into the heap
   */
  public Session session(int rows, Workspace workspace) {
    checkStreams();
    plan.checkOwn(Require.given(workspace, "the workspace").memory);
    return new Session(this, workspace.memory, plan.state(rows));
  }

  /**
   * Opens a session that continues a state. To continue one of other weights, open a session and let it take the state in by
   * {@link Session#stateOfOtherWeights}.
   *
   * @param from a state of this structure (order, kinds and units of its planes; layers may have other names) and these weights
   * @return a session for one thread at a time
   * @throws StateException if the state belongs to another structure or other weights
   */
  public Session session(State from) {
    // Of no rows, so that nothing is allocated before structure and weights have been compared.
    Session session = session(0);
    session.state(from);
    return session;
  }

  /**
   * Runs whole windows, which begin at zero and leave nothing behind: for models that need the whole time axis and for others.
   *
   * @return a predictor for one thread at a time
   */
  public Predictor predictor() {
    return predictor(TrainingThreads.callerOnly());
  }

  /**
   * Runs whole windows and shares their rows out to threads.
   *
   * @param threads who shares the work; their number changes no bit
   * @return a predictor for one calling thread at a time
   * @throws dev.rill.tensor.RillException if there are none
   */
  public Predictor predictor(TrainingThreads threads) {
    return predictor(threads, BATCH_SIZE);
  }

  /**
   * Runs whole windows, some rows of each thread at a time: fewer take less memory, more are seldom faster.
   *
   * @param threads who shares the work; their number changes no bit
   * @param batchSize rows that a thread runs at a time; 32 where it is not given
   * @return a predictor for one calling thread at a time
   * @throws dev.rill.tensor.RillException if there are no threads
   * @throws dev.rill.tensor.ShapeException if the batch size is not positive
   */
  public Predictor predictor(TrainingThreads threads, int batchSize) {
    Require.given(threads, "the threads");
    return new Predictor(this, threads, Require.atLeast(batchSize, 1, "batch size"));
  }

  private void checkStreams() {
    if (!streams()) {
      throw new StateException("this model cannot be streamed: " + plan.obstacle() + "; use predictor() for whole windows");
    }
  }

  /**
   * Scratch memory that sessions of one thread may share.
   *
   * @return an empty workspace
   */
  public Workspace workspace() {
    return new Workspace(plan.memory());
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
   * data of its own: steps, or whole windows where the model cannot be streamed.
   *
   * @param budget how long at the most; a minute ends it in any case
   * @return what ran and what came of it
   * @throws dev.rill.tensor.RillException if the budget is negative, or the heap has no room for a stream of this network
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
   * @throws dev.rill.tensor.ShapeException if the number is negative
   */
  public long stateBytes(int rows) {
    return plan.stateBytes(rows);
  }

  /**
   * Memory of the workspace of sessions that make single steps: what a session takes beside its state, unless it shares one.
   *
   * @param rows largest number of rows in a call
   * @return bytes
   * @throws dev.rill.tensor.ShapeException if the number is negative
   */
  public long workspaceBytes(int rows) {
    return workspaceBytes(rows, 1);
  }

  /**
   * Memory of a workspace that has seen calls of several steps. Time is cut into blocks, so beyond some dozens of steps, or some
   * hundreds where weights are large, it grows no further.
   *
   * @param rows largest number of rows in a call
   * @param steps largest number of time steps in a call
   * @return bytes
   * @throws dev.rill.tensor.ShapeException if a number is negative
   */
  public long workspaceBytes(int rows, int steps) {
    return plan.workspaceBytes(rows, steps);
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
   * Fingerprint of what sessions keep for each stream, in order, kind and units: states and rows of one network fit another whose
   * fingerprint is the same.
   *
   * @return CRC-32C
   */
  public int structureFingerprint() {
    return State.structureFingerprint(planes());
  }

  /**
   * Size of one stream's state as bytes, see {@link Session#save}.
   *
   * @return bytes
   */
  public int rowBytes() {
    return plan.rowBytes();
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
   * @return size of its last axis; 1 for ids
   * @throws dev.rill.tensor.ShapeException if there is no such input
   */
  public int inputFeatures(int input) {
    return plan.inputWidth(input);
  }

  /**
   * Features of one output.
   *
   * @param output its index
   * @return size of its last axis
   * @throws dev.rill.tensor.ShapeException if there is no such output
   */
  public int outputFeatures(int output) {
    return plan.outputWidth(output);
  }

  /**
   * Says which kernels run and why.
   *
   * @return for example {@code simd, 512 bit (auto; ready)}; instead of ready, SIMD may still be compiling, be off, or have been given
   *     up; followed by the precision of the weights if that is not float32
   */
  public String describe() {
    return plan.kernels() + (precision == Precision.FLOAT32 ? "" : ", " + precision + " weights");
  }

  /** Returns the model's name and what its streams keep. */
  @Override
  public String toString() {
    return "Network " + plan.graph().name() + " of " + inputs() + " inputs, " + outputs() + " outputs, state " + planes() + ", "
        + precision + " weights";
  }

  Plan plan() {
    return plan;
  }
}
