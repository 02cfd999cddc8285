package dev.rill.engine;

import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.RowSections;
import dev.rill.engine.ops.TensorView;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Pairwise;
import dev.rill.layers.Graph;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A graph in training: forward, backward and the gradient of all weights, for one batch after the other. It reads the
 * canonical weights and packs them anew for each batch. One thread calls it; warm, a batch of a size it has seen allocates
 * nothing. A batch that fails leaves nothing behind: the next one finds everything as if it had not been.
 */
public final class TrainingPlan {
  /** Multiply-adds in the forward pass that are worth a thread, for each float of a vector: some 0.1 ms of the whole batch. */
  private static final long SHARE = 100_000;

  /** What is done to each weight by itself. */
  public interface WeightWork {
    /** Does it to weights {@code from} to {@code to}. */
    void on(int from, int to);
  }

  private final Graph structure;
  private final Graph graph;
  private final Weights weights;
  private final List<State.Plane> planes;
  private final boolean trained;
  private final InputChecks checks;
  private final StepCounts counts;
  /** The inputs of a batch as {@link #checks} reads them. */
  private final TensorView[] bound;
  /** For each thread; those of a batch are the first {@link #taking}. */
  private final List<TrainingReplica> replicas = new ArrayList<>();
  private final TrainingOutput[] outputs;
  private final float[] gradient;
  /**
   * The gradients of sections that are not in {@link #gradient} yet: the first replica's of one at a time, the others' by section.
   */
  private float[][] parts = {};
  private final Shares.Work forward = this::forward;
  private final Shares.Work backward = this::backward;
  private final Shares.Work joins = this::join;
  private final Shares.Work onWeights = this::onWeights;
  /** What stateful layers read and advance; null without any. */
  private final StateBuffer advancing;
  private StateBuffer state;
  private Shares shares;
  private boolean wantsInputs;
  // Of the batch at hand.
  private List<Tensor> x;
  private boolean[] resets;
  private int groups;
  private RowSections sections;
  private int taking;
  private Kernels kernels;
  private WeightWork weightWork;
  private float penalty;

  /**
   * Makes a plan that the calling thread carries out alone.
   *
   * @param structure of the model
   * @param weights its weights, read on each batch
   * @param planes what its recurrent layers keep, from {@link Plan#planes()}
   * @throws dev.rill.tensor.UnsupportedException if a layer cannot be trained
   */
  public TrainingPlan(Graph structure, Weights weights, List<State.Plane> planes) {
    this(structure, weights, planes, true);
  }

  /** One within a layer, which may be trained or not as a whole. */
  TrainingPlan(Graph structure, Weights weights, List<State.Plane> planes, boolean trained) {
    this.structure = structure;
    this.graph = structure.unfolded();
    this.weights = weights;
    this.planes = planes;
    this.trained = trained;
    threads(null, 1);
    gradient = new float[weights.size()];
    checks = new InputChecks(graph);
    counts = new StepCounts(graph);
    bound = TensorView.some(graph.inputs().size());
    outputs = new TrainingOutput[graph.outputs().size()];
    for (int o = 0; o < outputs.length; o++) {
      outputs[o] = new TrainingOutput(graph.outputNames().get(o), graph.shape(graph.outputs().get(o)).axis(-1));
    }
    ensureReplicas(1);
    boolean stateful = false;
    for (Graph.Node node : graph.nodes()) {
      stateful |= node.layer().stateful() && planes.stream().anyMatch(plane -> plane.layer().equals(node.layer().name()));
    }
    advancing = stateful ? new StateBuffer(planes, 0) : null;
  }

  private void ensureReplicas(int count) {
    while (replicas.size() < count) {
      TrainingReplica made = new TrainingReplica(structure, weights, planes, trained);
      if (wantsInputs) {
        made.wantInputGradients();
      }
      for (int o = 0; o < outputs.length; o++) {
        outputs[o].add(made.output(o));
      }
      replicas.add(made);
    }
  }

  /**
   * Sets who does the work, from the next batch on.
   *
   * @param executor whose threads help; null for none
   * @param threads how many share the work at the most, the calling one included; they change no bit
   */
  public void threads(Executor executor, int threads) {
    shares = new Shares(executor, threads);
  }

  /** Changes, once an update of the weights has been made, what is kept but not trained. */
  public void update() {
    replicas.get(0).update();
  }

  /**
   * Takes a batch, which {@link #forward} reads.
   *
   * @param x one tensor an input, (rows, time, features) or (rows, features), checked
   * @param resets whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never
   */
  public void begin(List<Tensor> x, boolean[] resets) {
    this.x = x;
    this.resets = resets;
    groups = 1;
    int steps = 1;
    for (int i = 0; i < bound.length; i++) {
      steps = Math.max(steps, signal(graph.inputs().get(i)).sequence ? x.get(i).shape().axis(1) : 1);
    }
    sections = RowSections.of(x.get(0).shape().axis(0), steps);
  }

  /** Says, once a batch has begun, how many groups of neighbouring rows are batches to layers that mix rows. */
  void groups(int count) {
    groups = count;
  }

  /**
   * Refuses ids that an embedding does not have, sequences of different lengths that are to be joined, and reset flags that are
   * not one for each step; nothing changes.
   *
   * @param x one tensor an input
   * @param resets whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never
   * @throws dev.rill.tensor.RillException if an id is out of range or NaN
   * @throws ShapeException if a shape does not fit, or lengths differ
   */
  public void check(List<Tensor> x, boolean[] resets) {
    InputShapes.check(graph, x);
    for (int i = 0; i < bound.length; i++) {
      Tensor t = x.get(i);
      GradientView in = signal(graph.inputs().get(i));
      bound[i].set(t.array(), t.offset(), t.stride(), in.width, in.sequence ? t.shape().axis(1) : 1);
    }
    int rows = x.get(0).shape().axis(0);
    checks.check(bound, rows, counts);
    checks.check(counts, rows, resets);
  }

  /**
   * Refuses a state that a batch cannot start from; nothing changes.
   *
   * @param before the state that stateful layers start from; of no account if there are none
   * @param rows of the batch
   * @throws dev.rill.tensor.RillException if it is missing, of another structure or of other rows
   */
  public void check(StateBuffer before, int rows) {
    if (advancing != null) {
      Require.given(before, "the state of the stateful layers").checkRows(planes, null, rows);
    }
  }

  /**
   * Holds targets and sample weights against an output; nothing changes.
   *
   * @param output its index
   * @param x the batch's inputs, checked
   * @param y targets
   * @param partWidth floats of y a part of a row
   * @param sampleWeight weights, or null
   * @throws ShapeException if they do not fit
   */
  public void check(int output, List<Tensor> x, Tensor y, int partWidth, Tensor sampleWeight) {
    int rows = x.get(0).shape().axis(0);
    boolean sequence = outputs[output].sequence();
    int steps = counts.at(graph.outputs().get(output));
    long cells = (long) rows * steps;
    int targetWidth = outputs[output].parts() * partWidth;
    boolean fits = y.shape().rank() > 0 && y.shape().axis(0) == rows && y.size() == cells * targetWidth;
    if (!fits || !inOrder(y.shape(), output, steps, partWidth)) {
      StringBuilder expected = new StringBuilder("(").append(rows);
      for (int axis = 1; axis < graph.shape(graph.outputs().get(output)).rank(); axis++) {
        expected.append(", ").append(targetAxis(output, axis, steps, partWidth));
      }
      throw new ShapeException("targets of output " + outputs[output].name() + ": expected " + expected.append(')') + ", got "
          + y.shape() + timeAxis(sequence, y.shape(), (long) rows * targetWidth));
    }
    if (sampleWeight != null && (sampleWeight.shape().rank() == 0 || sampleWeight.shape().axis(0) != rows
        || sampleWeight.size() != rows && sampleWeight.size() != cells)) {
      throw new ShapeException("sample weights: expected (" + rows + ")" + (sequence ? " or (" + rows + ", " + steps + ")" : "")
          + ", got " + sampleWeight.shape());
    }
  }

  /**
   * Whether targets of the right size have their axes in the right order, so that those of a sequence turned about are not taken
   * for others. Neighbours may be one axis, and those of 1 missing: numbers lie one behind the other all the same.
   */
  private boolean inOrder(Shape y, int output, int steps, int partWidth) {
    int next = 1;
    for (int axis = 1; y.size() > 0 && axis < y.rank(); axis++) {
      for (int left = y.axis(axis); left > 1; next++) {
        int size = targetAxis(output, next, steps, partWidth);
        if (left % size != 0) {
          return false;
        }
        left /= size;
      }
    }
    return true;
  }

  private int targetAxis(int output, int axis, int steps, int partWidth) {
    Shape shape = graph.shape(graph.outputs().get(output));
    if (axis == shape.rank() - 1) {
      return partWidth;
    }
    return axis == 1 ? steps : shape.axis(axis);
  }

  /** What to do about targets that have a time axis where the output has none, or none where it has one. */
  private static String timeAxis(boolean sequence, Shape y, long oneStep) {
    if (sequence && y.size() == oneStep) {
      return "; the output has a time axis: give a target for each step, or let the last recurrent layer give its last output "
          + "alone, without returnSequences(true)";
    }
    return !sequence && y.size() > oneStep && y.size() % oneStep == 0
        ? "; the output has no time axis: returnSequences(true) in the last recurrent layer gives it one, targetsAtEnd() of "
            + "StreamData takes the target at the end of each window" : "";
  }

  /**
   * Runs the layers forward. The state stays as it is until {@link #advance()}.
   *
   * @param before the state that stateful layers start from
   * @param training whether dropout takes place
   * @param seed what random numbers are a function of
   * @param call number of this call, likewise
   */
  public void forward(StateBuffer before, boolean training, long seed, long call) {
    kernels = KernelChoice.current();
    state = before;
    if (advancing != null) {
      advancing.copy(before);
    }
    int threads = threads(training, seed, call);
    ensureReplicas(threads);
    ensureParts(threads);
    taking = threads;
    for (int r = 0; r < taking; r++) {
      begin(replicas.get(r), firstSection(r), firstSection(r + 1), training, seed, call);
    }
    shares.run(taking, forward);
    x = null;
    penalty = replicas.get(0).penalty();
    for (TrainingOutput output : outputs) {
      output.begin();
    }
  }

  /** Shows a replica some sections of the batch. */
  private void begin(TrainingReplica replica, int from, int to, boolean training, long seed, long call) {
    TrainingBatch batch = replica.batch;
    batch.sectionRows = sections.longest();
    batch.groups = groups;
    batch.training = training;
    batch.seed = seed;
    batch.call = call;
    batch.state = advancing == null ? null : advancing.planes();
    int first = sections.first(from);
    replica.begin(x, first, sections.first(to) - first, sections.rows(), resets);
  }

  /** How many threads the batch is worth. */
  private int threads(boolean training, long seed, long call) {
    TrainingReplica any = replicas.get(0);
    if (shares.most() == 1 || sections.count() == 1 || any.mixesRows()) {
      return 1;
    }
    // Lengths inside the graph are known once there is room for some rows.
    begin(any, 0, 1, training, seed, call);
    return shares.worth(sections.rows() * any.multiplyAdds(), SHARE, sections.count());
  }

  private int firstSection(int replica) {
    return sections.count() * replica / taking;
  }

  private void ensureParts(int threads) {
    int count = sections.count();
    if (count > 1 && parts.length < count) {
      parts = Arrays.copyOf(parts, count);
    }
    for (int section = 1; section < count; section++) {
      boolean needed = section >= count / threads || section == 1 && !replicas.get(0).addsOnce();
      if (needed && parts[section] == null) {
        parts[section] = new float[gradient.length];
      }
    }
  }

  private void forward(int replica) {
    replicas.get(replica).forward(kernels);
  }

  /** Backward through some rows, whose sums are made while all of it is at hand. */
  private void backward(int replica) {
    TrainingReplica own = replicas.get(replica);
    own.backward(kernels);
    for (int section = firstSection(replica); section < firstSection(replica + 1); section++) {
      // All sections before one of the first replica are in.
      boolean next = replica == 0 && section > 0;
      float[] sum = section == 0 || next && own.addsOnce() ? gradient : parts[next ? 1 : section];
      if (!next || sum != gradient) {
        Arrays.fill(sum, 0);
      }
      own.gradients(kernels, sections.first(section), sections.first(section + 1), sum);
      if (next && sum != gradient) {
        kernels.pairwise(Pairwise.PLUS, gradient.length, gradient, 0, sum, 0, gradient, 0);
      }
    }
  }

  /** Where a thread's part of the weights begins: with a whole vector. */
  private int firstWeight(int part) {
    return part == taking ? gradient.length : (int) ((long) gradient.length * part / taking) & -KernelChoice.PADDING;
  }

  /** Adds the gradients of all other sections, for a part of the weights. */
  private void join(int part) {
    int from = firstWeight(part);
    int count = firstWeight(part + 1) - from;
    for (int section = firstSection(1); section < sections.count(); section++) {
      kernels.pairwise(Pairwise.PLUS, count, gradient, from, parts[section], from, gradient, from);
    }
  }

  /**
   * What activity regularizers add to the loss of the batch at hand.
   *
   * @return 0 without any
   */
  public float penalty() {
    return penalty;
  }

  /**
   * Runs the layers backward, from the gradients that the losses have left with the outputs.
   *
   * @return the gradient of all weights, laid out as they are, zeros for those that are not trained; valid until the next batch
   */
  public float[] backward() {
    shares.run(taking, backward);
    shares.run(taking, joins);
    replicas.get(0).wholeGradients(kernels, gradient);
    return gradient;
  }

  /**
   * Does something to each weight by itself, by as many threads as the batch at hand takes.
   *
   * @param work what is done; its parts are the same for all work on one batch
   */
  public void eachWeight(WeightWork work) {
    weightWork = work;
    shares.run(taking, onWeights);
  }

  private void onWeights(int part) {
    weightWork.on(firstWeight(part), firstWeight(part + 1));
  }

  /** Lets the state advance by the batch at hand: its last step, so that a batch that has failed leaves the state as it was. */
  public void advance() {
    if (advancing != null) {
      state.copy(advancing);
    }
  }

  /**
   * What a loss sees of an output.
   *
   * @param output its index
   * @return a view of the batch at hand
   */
  public TrainingOutput output(int output) {
    return outputs[output];
  }

  /**
   * Number of outputs.
   *
   * @return at least one
   */
  public int outputs() {
    return outputs.length;
  }

  /** What some point of the unfolded graph gives, time first, and its gradient after {@link #backward}, while one thread trains. */
  GradientView signal(Graph.Ref ref) {
    return replicas.get(0).signal(ref);
  }

  /** Has the gradients of the inputs computed, too. Costs one more product a layer that reads one. */
  void wantInputGradients() {
    wantsInputs = true;
    replicas.forEach(TrainingReplica::wantInputGradients);
  }
}
