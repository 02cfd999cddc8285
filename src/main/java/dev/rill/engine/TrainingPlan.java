package dev.rill.engine;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.StepMask;
import dev.rill.engine.ops.TensorView;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOp;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Mask;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * A graph in training: forward, backward and the gradient of all weights, for one batch after the other. It reads the
 * canonical weights and packs them anew for each batch. One thread calls it; warm, a batch of a size it has seen allocates
 * nothing. A batch that fails leaves nothing behind: the next one finds everything as if it had not been.
 */
public final class TrainingPlan {
  /** Multiply-adds in the forward pass that are worth a thread, for each float of a vector: some 0.1 ms of the whole batch. */
  private static final long SHARE = 100_000;
  /**
   * Rows that are worth a share of their own: with so many there are two for each thread, so that one whose core is slower does
   * fewer. A gradient's columns are not cut so, as each share of them turns all inputs about.
   */
  private static final int SHARE_ROWS = 8;

  private final Graph graph;
  private final Weights weights;
  private final List<State.Plane> planes;
  private final Map<Mask, StepMask> masks = new IdentityHashMap<>();
  private final InputChecks checks;
  private final StepCounts counts;
  /** The inputs of a batch as {@link #checks} reads them. */
  private final TensorView[] bound;
  private final GradientView[] inputs;
  private final GradientView[] outputs;
  private final List<List<GradientView>> signals = new ArrayList<>();
  private final GradientView[] flows;
  private final TrainingOutput[] predictions;
  private final TrainingOp[] ops;
  /** What each of these gives: none runs backward whose gradient nobody wants. */
  private final GradientView[] results;
  /** Whether each has something that is trained. */
  private final boolean[] trains;
  private final List<ActivityTraining> activities = new ArrayList<>();
  private final TrainingBatch batch = new TrainingBatch();
  private final float[] gradient;
  private final Shares.Work forward;
  private final Shares.Work backward;
  private final Shares.Work sums;
  /** What stateful layers read and advance; null without any. */
  private final StateBuffer advancing;
  private StateBuffer state;
  private Shares shares;
  /** The layers that are being shared out: those between two that take all rows at once. */
  private int stretchFrom;
  private int stretchTo;
  private Kernels kernels;
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
    this.graph = structure.unfolded();
    this.weights = weights;
    this.planes = planes;
    threads(null, 1);
    gradient = new float[weights.size()];
    List<TrainingOp> all = new ArrayList<>();
    List<GradientView> given = new ArrayList<>();
    List<Boolean> learning = new ArrayList<>();
    List<GradientView> every = new ArrayList<>();
    for (Graph.Node node : graph.nodes()) {
      List<GradientView> own = new ArrayList<>();
      for (int o = 0; o < node.outputs().size(); o++) {
        Graph.Ref ref = new Graph.Ref(signals.size(), o);
        own.add(new GradientView(graph.width(ref), graph.sequence(ref)));
      }
      own.get(0).mask = mask(graph.mask(new Graph.Ref(signals.size(), 0)));
      signals.add(own);
      every.addAll(own);
      if (!node.inputs().isEmpty()) {
        List<GradientView> from = flows(node.inputs());
        List<GradientView> states = flows(node.initialState());
        String name = node.layer().name();
        boolean free = trained && structure.trained(node.layer());
        boolean learns = free && weights.slices(name).stream().anyMatch(slice -> slice.variable().trained());
        boolean wanted = learns || from.stream().anyMatch(f -> f.wanted) || states.stream().anyMatch(f -> f.wanted);
        own.forEach(f -> f.wanted = wanted);
        all.add(LayerOpsTable.of(node.layer()).training(new TrainingOpContext(all.size(), from, graph.shapes(node.inputs()),
            mask(node.appliedMask()), states, own, weights.slices(name), plane(node.layer()), free)));
        given.add(own.get(0));
        learning.add(learns);
        from.forEach(flow -> flow.readers++);
        states.forEach(flow -> flow.readers++);
        Regularizer activity = node.layer().activityRegularizer();
        for (GradientView flow : activity == null ? List.<GradientView>of() : own) {
          flow.readers++;
          activities.add(new ActivityTraining(flow, name, activity));
          all.add(activities.get(activities.size() - 1));
          given.add(flow);
          learning.add(false);
        }
      }
    }
    flows = every.toArray(new GradientView[0]);
    ops = all.toArray(new TrainingOp[0]);
    results = given.toArray(new GradientView[0]);
    trains = new boolean[ops.length];
    for (int p = 0; p < ops.length; p++) {
      trains[p] = learning.get(p);
    }
    inputs = flows(graph.inputs()).toArray(new GradientView[0]);
    checks = new InputChecks(graph);
    counts = new StepCounts(graph);
    bound = TensorView.some(inputs.length);
    outputs = flows(graph.outputs()).toArray(new GradientView[0]);
    predictions = new TrainingOutput[outputs.length];
    for (int o = 0; o < outputs.length; o++) {
      outputs[o].readers++;
      Graph.Ref ref = graph.outputs().get(o);
      predictions[o] = new TrainingOutput(outputs[o], graph.outputNames().get(o), graph.shape(ref).axis(-1));
    }
    boolean stateful = false;
    for (Graph.Node node : graph.nodes()) {
      stateful |= plane(node.layer()) >= 0;
    }
    advancing = stateful ? new StateBuffer(planes, 0) : null;
    forward = thread -> {
      for (int p = stretchFrom; p < stretchTo; p++) {
        ops[p].forward(kernels, thread, batch.firstRow(thread), batch.firstRow(thread + 1));
      }
    };
    backward = thread -> {
      for (int p = stretchTo - 1; p >= stretchFrom; p--) {
        if (results[p].wanted) {
          ops[p].backward(kernels, thread, batch.firstRow(thread), batch.firstRow(thread + 1));
        }
      }
    };
    sums = thread -> {
      for (int p = 0; p < ops.length; p++) {
        if (trains[p]) {
          ops[p].gradients(kernels, thread, gradient);
        }
      }
    };
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

  /** The steps that count, by the mask of the structure: signals that hand one on share it. */
  private StepMask mask(Mask mask) {
    return mask == null || mask.every() ? null : masks.computeIfAbsent(mask, made -> new StepMask());
  }

  private List<GradientView> flows(List<Graph.Ref> refs) {
    return refs.stream().map(this::signal).toList();
  }

  private int plane(Layer layer) {
    if (layer.stateful()) {
      for (int p = 0; p < planes.size(); p++) {
        if (planes.get(p).layer().equals(layer.name())) {
          return p;
        }
      }
    }
    return -1;
  }

  /** Shares some layers, one behind the other, out by rows. */
  private void share(Shares.Work work, int from, int to) {
    stretchFrom = from;
    stretchTo = to;
    if (from < to) {
      shares.run(batch.rowShares, work);
    }
  }

  /** Changes, once an update of the weights has been made, what is kept but not trained. */
  public void update() {
    for (TrainingOp op : ops) {
      op.update(weights.values());
    }
  }

  /**
   * Copies a batch in.
   *
   * @param x one tensor an input, (rows, time, features) or (rows, features), checked
   * @param resets whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never
   */
  public void begin(List<Tensor> x, boolean[] resets) {
    batch.rows = x.get(0).shape().axis(0);
    batch.resets = resets;
    for (int i = 0; i < inputs.length; i++) {
      copy(x.get(i), inputs[i]);
    }
  }

  /** Says, once a batch has begun, how many groups of neighbouring rows are batches to layers that mix rows. */
  void groups(int count) {
    batch.groups = count;
  }

  private void copy(Tensor x, GradientView to) {
    int steps = to.sequence ? x.shape().axis(1) : 1;
    int stride = KernelChoice.padded(to.width);
    to.set(Buffers.grown(to.value, batch.rows * steps, stride), 0, stride, steps);
    for (int row = 0; row < batch.rows; row++) {
      int from = x.offset() + row * x.stride();
      for (int t = 0; t < steps; t++, from += to.width) {
        System.arraycopy(x.array(), from, to.value, (t * batch.rows + row) * stride, to.width);
      }
    }
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
    for (int i = 0; i < inputs.length; i++) {
      Tensor t = x.get(i);
      bound[i].set(t.array(), t.offset(), t.stride(), inputs[i].width, inputs[i].sequence ? t.shape().axis(1) : 1);
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
    boolean sequence = predictions[output].sequence();
    int steps = counts.at(graph.outputs().get(output));
    long cells = (long) rows * steps;
    int targetWidth = predictions[output].parts() * partWidth;
    boolean fits = y.shape().rank() > 0 && y.shape().axis(0) == rows && y.size() == cells * targetWidth;
    if (!fits || !inOrder(y.shape(), output, steps, partWidth)) {
      StringBuilder expected = new StringBuilder("(").append(rows);
      for (int axis = 1; axis < graph.shape(graph.outputs().get(output)).rank(); axis++) {
        expected.append(", ").append(targetAxis(output, axis, steps, partWidth));
      }
      throw new ShapeException("targets of output " + predictions[output].name() + ": expected " + expected.append(')') + ", got "
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
    batch.training = training;
    batch.seed = seed;
    batch.call = call;
    if (advancing != null) {
      advancing.copy(before);
      batch.state = advancing.planes();
    }
    long work = 0;
    for (TrainingOp op : ops) {
      op.ensure(batch);
      work += batch.rows * op.multiplyAdds();
    }
    batch.columnShares = shares.worth(work, SHARE, batch.rows);
    // A number between would leave one thread with twice as much as another.
    int twice = 2 * batch.columnShares;
    batch.rowShares = batch.columnShares > 1 && batch.rows >= twice * SHARE_ROWS ? twice : batch.columnShares;
    for (TrainingOp op : ops) {
      op.shareOut();
      op.pack(weights.values());
    }
    int from = 0;
    for (int p = 0; p <= ops.length; p++) {
      if (p == ops.length || ops[p].wholeBatch()) {
        share(forward, from, p);
        if (p < ops.length) {
          ops[p].forward(kernels, 0, 0, batch.rows);
        }
        from = p + 1;
      }
    }
    for (GradientView flow : flows) {
      flow.gradientStride = PackedWeights.denseOutputLength(flow.width);
      if (flow.wanted) {
        flow.gradient = Buffers.grown(flow.gradient, batch.rows * flow.steps, flow.gradientStride);
        Arrays.fill(flow.gradient, 0, batch.rows * flow.steps * flow.gradientStride, 0);
        if (flow.keepsInput && flow.readers > 1) {
          flow.gradientBefore = Buffers.grown(flow.gradientBefore, batch.rows * flow.steps, flow.gradientStride);
          Arrays.fill(flow.gradientBefore, 0, batch.rows * flow.steps * flow.gradientStride, 0);
        }
      }
    }
    penalty = 0;
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int a = 0; a < activities.size(); a++) {
      penalty += activities.get(a).penalty();
    }
    for (TrainingOutput prediction : predictions) {
      prediction.begin(batch.rows * prediction.steps());
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
    Arrays.fill(gradient, 0);
    for (TrainingOutput prediction : predictions) {
      prediction.deliver(batch.rows * prediction.steps());
    }
    int to = ops.length;
    for (int p = ops.length - 1; p >= -1; p--) {
      if (p < 0 || ops[p].wholeBatch()) {
        share(backward, p + 1, to);
        if (p >= 0 && results[p].wanted) {
          ops[p].backward(kernels, 0, 0, batch.rows);
        }
        to = p;
      }
    }
    shares.run(batch.columnShares, sums);
    return gradient;
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
    return predictions[output];
  }

  /**
   * Number of outputs.
   *
   * @return at least one
   */
  public int outputs() {
    return outputs.length;
  }

  /** What some point of the unfolded graph gives, time first, and its gradient after {@link #backward}. */
  GradientView signal(Graph.Ref ref) {
    return signals.get(ref.node()).get(ref.output());
  }

  /** Has the gradients of the inputs computed, too. Costs one more product a layer that reads one. */
  void wantInputGradients() {
    // Of what lies behind them, too: a layer without weights hands on what it is given.
    for (GradientView flow : flows) {
      flow.wanted = true;
    }
  }
}
