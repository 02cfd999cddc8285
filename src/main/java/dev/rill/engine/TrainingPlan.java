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
  /** What several threads do not share out; null as long as there is no such layer or only one thread. */
  private WholeBatch whole;
  private final TrainingOutput[] outputs;
  private final TargetChecks targets;
  private final float[] gradient;
  /**
   * The gradients of sections that are not in {@link #gradient} yet: the first replica's of one at a time, the others' by section.
   */
  private float[][] parts = {};
  /** Bounds of all stretches of weights but those of which a batch reaches few. */
  private final int[] dense;
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
  private final RowSections sections = new RowSections();
  private int taking;
  /** The layers that are being shared out: all, or those between two that take all rows at once. */
  private int stretchFrom;
  private int stretchTo;
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
    targets = new TargetChecks(graph, counts, outputs);
    ensureReplicas(1);
    dense = dense(weights.size(), replicas.get(0).sparse());
    boolean stateful = false;
    for (Graph.Node node : graph.nodes()) {
      stateful |= node.layer().stateful() && planes.stream().anyMatch(plane -> plane.layer().equals(node.layer().name()));
    }
    advancing = stateful ? new StateBuffer(planes, 0) : null;
  }

  private void ensureReplicas(int count) {
    while (replicas.size() < count) {
      TrainingReplica made = replica();
      for (int o = 0; o < outputs.length; o++) {
        outputs[o].add(made.output(o));
      }
      replicas.add(made);
    }
  }

  private TrainingReplica replica() {
    TrainingReplica made = new TrainingReplica(structure, weights, planes, trained);
    if (wantsInputs) {
      made.wantInputGradients();
    }
    return made;
  }

  /** Where layers that take all rows of the batch at hand at once have them. */
  private TrainingReplica whole() {
    return taking > 1 && whole != null ? whole.all : replicas.get(0);
  }

  /** Whether a layer is none to be shared out; so is the end behind the last one. */
  private boolean apart(int op) {
    return op < 0 || op == replicas.get(0).ops() || taking > 1 && replicas.get(0).wholeBatch(op);
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
    whole().update();
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
      steps = Math.max(steps, TrainingReplica.steps(signal(graph.inputs().get(i)), x.get(i)));
    }
    sections.cut(x.get(0).shape().axis(0), steps);
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
      bound[i].set(t.array(), t.offset(), t.stride(), in.width, TrainingReplica.steps(in, t));
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
    targets.check(output, x.get(0).shape().axis(0), y, partWidth, sampleWeight);
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
    taking = threads;
    for (int r = 0; r < taking; r++) {
      begin(replicas.get(r), firstSection(r), firstSection(r + 1), training, seed, call);
    }
    stretchFrom = 0;
    for (int op = 0; op <= replicas.get(0).ops(); op++) {
      if (apart(op)) {
        stretchTo = op;
        shares.run(taking, forward);
        if (op < replicas.get(0).ops()) {
          ensureWhole(training, seed, call);
          whole.forward(kernels, op, replicas, taking);
        }
        stretchFrom = op + 1;
      }
    }
    x = null;
    penalty = whole().penalty();
    for (TrainingOutput output : outputs) {
      output.begin();
    }
  }

  /** Shows a replica some sections of the batch. */
  private void begin(TrainingReplica replica, int from, int to, boolean training, long seed, long call) {
    show(replica.batch, training, seed, call);
    int first = sections.first(from);
    replica.begin(x, first, sections.first(to) - first, sections.rows(), resets);
  }

  private void show(TrainingBatch batch, boolean training, long seed, long call) {
    batch.sectionRows = sections.longest();
    batch.groups = groups;
    batch.training = training;
    batch.seed = seed;
    batch.call = call;
    batch.state = advancing == null ? null : advancing.planes();
  }

  private void ensureWhole(boolean training, long seed, long call) {
    if (whole == null) {
      whole = new WholeBatch(replica());
    }
    show(whole.all.batch, training, seed, call);
    whole.all.batch.rows = sections.rows();
    whole.all.batch.all = sections.rows();
  }

  /** How many threads the batch is worth. */
  private int threads(boolean training, long seed, long call) {
    TrainingReplica any = replicas.get(0);
    if (shares.most() == 1 || sections.count() == 1) {
      return 1;
    }
    // Lengths inside the graph are known once there is room for some rows.
    begin(any, 0, 1, training, seed, call);
    return shares.worth(sections.rows() * any.multiplyAdds(), SHARE, sections.count());
  }

  private int firstSection(int replica) {
    return sections.count() * replica / taking;
  }

  private void ensureParts() {
    int count = sections.count();
    if (count > 1 && parts.length < count) {
      parts = Arrays.copyOf(parts, count);
    }
    for (int section = 1; section < count; section++) {
      boolean needed = section >= firstSection(1) || section == 1 && !replicas.get(0).addsOnce();
      if (needed && parts[section] == null) {
        parts[section] = new float[gradient.length];
      }
    }
  }

  private void forward(int replica) {
    TrainingReplica own = replicas.get(replica);
    if (stretchFrom == 0) {
      own.read();
    }
    own.forward(kernels, stretchFrom, stretchTo);
    if (stretchTo == own.ops()) {
      own.clearGradients();
    }
  }

  /** Backward through some rows, whose sums are made while all of it is at hand. */
  private void backward(int replica) {
    TrainingReplica own = replicas.get(replica);
    if (stretchTo == own.ops()) {
      own.deliver();
    }
    own.backward(kernels, stretchFrom, stretchTo);
    if (stretchFrom == 0) {
      sumUp(replica, own);
    }
  }

  private void sumUp(int replica, TrainingReplica own) {
    for (int section = firstSection(replica); section < firstSection(replica + 1); section++) {
      // All sections before one of the first replica are in.
      boolean next = replica == 0 && section > 0;
      float[] sum = section == 0 || next && own.addsOnce() ? gradient : parts[next ? 1 : section];
      if (sum != gradient) {
        clear(sum);
      }
      own.gradients(kernels, sections.first(section), sections.first(section + 1), sum);
      if (next && sum != gradient) {
        add(sum, 0, gradient.length);
      }
    }
  }

  /** Where a thread's part of the weights begins: with a whole vector. */
  private int firstWeight(int part) {
    return part == taking ? gradient.length : (int) ((long) gradient.length * part / taking) & -KernelChoice.PADDING;
  }

  /** Adds the gradients of all other sections, for a part of the weights. */
  private void join(int part) {
    for (int section = firstSection(1); section < sections.count(); section++) {
      add(parts[section], firstWeight(part), firstWeight(part + 1));
    }
  }

  private void clear(float[] part) {
    for (int i = 0; i < dense.length; i += 2) {
      Arrays.fill(part, dense[i], dense[i + 1], 0);
    }
  }

  /** Adds what a section has come to, for some of the weights. */
  private void add(float[] part, int from, int to) {
    for (int i = 0; i < dense.length; i += 2) {
      int first = Math.max(from, dense[i]);
      int count = Math.min(to, dense[i + 1]) - first;
      if (count > 0) {
        kernels.pairwise(Pairwise.PLUS, count, gradient, first, part, first, gradient, first);
      }
    }
  }

  /** Where stretches of weights begin and end whose gradients are summed up section by section. */
  private static int[] dense(int size, List<Weights.Slice> sparse) {
    boolean[] left = new boolean[size + 1];
    sparse.forEach(slice -> Arrays.fill(left, slice.at(), slice.at() + slice.size(), true));
    left[size] = true;
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i <= size; i++) {
      if (left[i] != (i == 0 || left[i - 1])) {
        ends.add(i);
      }
    }
    return ends.stream().mapToInt(Integer::intValue).toArray();
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
    ensureParts();
    Arrays.fill(gradient, 0);
    stretchTo = replicas.get(0).ops();
    for (int op = stretchTo - 1; op >= -1; op--) {
      if (apart(op)) {
        stretchFrom = op + 1;
        shares.run(taking, backward);
        if (op >= 0 && replicas.get(0).wanted(op)) {
          whole.backward(kernels, op, replicas, taking);
        }
        stretchTo = op;
      }
    }
    shares.run(taking, joins);
    for (int replica = 0; replica < taking; replica++) {
      for (int section = firstSection(replica); section < firstSection(replica + 1); section++) {
        replicas.get(replica).sparseGradients(kernels, sections.first(section), sections.first(section + 1), gradient);
      }
    }
    whole().wholeGradients(kernels, gradient);
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
    whole = null;
  }
}
