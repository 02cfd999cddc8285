package dev.rill.engine;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.StepMask;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOp;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Mask;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph in training on some neighbouring rows of a batch, whole sections: everything that a thread reads and writes, packed weights
 * among it, so that threads share no line of memory on the way forward and back but the weights and, at both ends, states. Warm, a
 * batch of a size it has seen allocates nothing.
 */
final class TrainingReplica {
  private final Weights weights;
  private final List<State.Plane> planes;
  private final Map<Mask, StepMask> masks = new IdentityHashMap<>();
  private final GradientView[] inputs;
  private final List<List<GradientView>> signals = new ArrayList<>();
  private final GradientView[] flows;
  private final OutputGradient[] outputs;
  private final TrainingOp[] ops;
  private final List<List<GradientView>> reads = new ArrayList<>();
  private final List<List<GradientView>> writes = new ArrayList<>();
  private final List<StepMask> appliedMasks = new ArrayList<>();
  /** What each of these gives: none runs backward whose gradient nobody wants. */
  private final GradientView[] results;
  /** Whether each has something that is trained. */
  private final boolean[] trains;
  private final List<ActivityTraining> activities = new ArrayList<>();
  private final boolean addsOnce;
  /** The variables of ops that add to few of many weights. */
  private final List<Weights.Slice> sparse = new ArrayList<>();
  private List<Tensor> x;
  /** Resets of these rows, where there are others. */
  private boolean[] own = {};
  final TrainingBatch batch = new TrainingBatch();

  /**
   * Makes one.
   *
   * @param structure of the model
   * @param weights its weights, read on each batch
   * @param planes what its recurrent layers keep
   * @param trained whether anything is: a graph within a layer may be trained or not as a whole
   */
  TrainingReplica(Graph structure, Weights weights, List<State.Plane> planes, boolean trained) {
    Graph graph = structure.unfolded();
    this.weights = weights;
    this.planes = planes;
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
        ports(from, own, mask(node.appliedMask()));
        if (all.get(all.size() - 1).sparse()) {
          sparse.addAll(weights.slices(name));
        }
        given.add(own.get(0));
        learning.add(learns);
        from.forEach(flow -> flow.readers++);
        states.forEach(flow -> flow.readers++);
        Regularizer activity = node.layer().activityRegularizer();
        for (GradientView flow : activity == null ? List.<GradientView>of() : own) {
          flow.readers++;
          activities.add(new ActivityTraining(flow, name, activity));
          all.add(activities.get(activities.size() - 1));
          ports(List.of(flow), List.of(), null);
          given.add(flow);
          learning.add(false);
        }
      }
    }
    flows = every.toArray(new GradientView[0]);
    ops = all.toArray(new TrainingOp[0]);
    results = given.toArray(new GradientView[0]);
    trains = new boolean[ops.length];
    // A layer that is applied twice adds to its weights twice.
    addsOnce = graph.nodes().stream().map(node -> node.layer().name()).distinct().count() == graph.nodes().size();
    for (int p = 0; p < ops.length; p++) {
      trains[p] = learning.get(p);
    }
    inputs = flows(graph.inputs()).toArray(new GradientView[0]);
    outputs = new OutputGradient[graph.outputs().size()];
    for (int o = 0; o < outputs.length; o++) {
      GradientView flow = signal(graph.outputs().get(o));
      flow.readers++;
      outputs[o] = new OutputGradient(flow);
    }
  }

  private void ports(List<GradientView> from, List<GradientView> to, StepMask mask) {
    reads.add(from);
    writes.add(to);
    appliedMasks.add(mask);
  }

  /** What an op reads. */
  List<GradientView> reads(int op) {
    return reads.get(op);
  }

  /** What an op writes. */
  List<GradientView> writes(int op) {
    return writes.get(op);
  }

  /** Which steps count to an op; null if every one does. */
  StepMask mask(int op) {
    return appliedMasks.get(op);
  }

  /** How many ops there are: applications of layers, and regularizers of what these give. */
  int ops() {
    return ops.length;
  }

  /** Whether an op takes all rows of a batch at once. */
  boolean wholeBatch(int op) {
    return ops[op].wholeBatch();
  }

  /** Whether one needs the gradient of what an op gives. */
  boolean wanted(int op) {
    return results[op].wanted;
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

  /** What some point of the unfolded graph gives, time first, and its gradient. */
  GradientView signal(Graph.Ref ref) {
    return signals.get(ref.node()).get(ref.output());
  }

  OutputGradient output(int output) {
    return outputs[output];
  }

  /** Whether {@link #gradients} adds to each weight just once. */
  boolean addsOnce() {
    return addsOnce;
  }

  /** Has the gradients of the inputs computed, too. */
  void wantInputGradients() {
    // Of what lies behind them, too: a layer without weights hands on what it is given.
    for (GradientView flow : flows) {
      flow.wanted = true;
    }
  }

  /**
   * Makes room for some rows of a batch, the figures of which are set; nothing is read yet but what is reset.
   *
   * @param inputs of the whole batch
   * @param all rows of the whole batch
   * @param resets of the whole batch, or null
   */
  void begin(List<Tensor> inputs, int first, int rows, int all, boolean[] resets) {
    x = inputs;
    batch.first = first;
    batch.rows = rows;
    batch.all = all;
    batch.resets = resets == null || rows == all ? resets : ownResets(resets, all);
    for (int i = 0; i < this.inputs.length; i++) {
      GradientView in = this.inputs[i];
      int steps = steps(in, x.get(i));
      int stride = KernelChoice.padded(in.width);
      in.set(Buffers.grown(in.value, rows * steps, stride), 0, stride, steps);
    }
    for (TrainingOp op : ops) {
      op.ensure(batch);
    }
  }

  /** Time steps of a batch's input; 1 if it has no time axis. */
  static int steps(GradientView in, Tensor x) {
    return in.sequence ? x.shape().axis(1) : 1;
  }

  /** Makes room for one op; its inputs are there. */
  void ensure(int op) {
    ops[op].ensure(batch);
  }

  private boolean[] ownResets(boolean[] resets, int all) {
    int steps = resets.length / all;
    own = own.length < steps * batch.rows ? new boolean[steps * batch.rows] : own;
    for (int t = 0; t < steps; t++) {
      System.arraycopy(resets, t * all + batch.first, own, t * batch.rows, batch.rows);
    }
    return own;
  }

  /** Multiply-adds of the products of one row in the forward pass. */
  long multiplyAdds() {
    long work = 0;
    for (TrainingOp op : ops) {
      work += op.multiplyAdds();
    }
    return work;
  }

  /** Takes the inputs of its rows. */
  void read() {
    for (int i = 0; i < inputs.length; i++) {
      copy(x.get(i), inputs[i]);
    }
    x = null;
  }

  /** Runs some ops forward. */
  void forward(Kernels k, int from, int to) {
    for (int p = from; p < to; p++) {
      ops[p].pack(weights.values());
      ops[p].forward(k);
    }
  }

  /** Starts all gradients at zero, once the last op has run. */
  void clearGradients() {
    for (GradientView flow : flows) {
      clearGradient(flow);
    }
    for (OutputGradient output : outputs) {
      output.begin(batch.rows);
    }
  }

  private void copy(Tensor from, GradientView to) {
    for (int row = 0; row < batch.rows; row++) {
      int at = from.offset() + (batch.first + row) * from.stride();
      for (int t = 0; t < to.steps; t++, at += to.width) {
        System.arraycopy(from.array(), at, to.value, (t * batch.rows + row) * to.stride, to.width);
      }
    }
  }

  /** Starts the gradient of one signal at zero, if it is wanted. */
  void clearGradient(GradientView flow) {
    flow.gradientStride = PackedWeights.denseOutputLength(flow.width);
    if (flow.wanted) {
      flow.gradient = zeros(flow.gradient, flow);
      if (flow.keepsInput && flow.readers > 1) {
        flow.gradientBefore = zeros(flow.gradientBefore, flow);
      }
    }
  }

  private float[] zeros(float[] gradient, GradientView flow) {
    float[] zeros = Buffers.grown(gradient, batch.rows * flow.steps, flow.gradientStride);
    Arrays.fill(zeros, 0, batch.rows * flow.steps * flow.gradientStride, 0);
    return zeros;
  }

  /** What activity regularizers add to the loss, 0 without any. */
  float penalty() {
    float penalty = 0;
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int a = 0; a < activities.size(); a++) {
      penalty += activities.get(a).penalty();
    }
    return penalty;
  }

  /** Takes the gradients that the losses have left with the outputs. */
  void deliver() {
    for (OutputGradient output : outputs) {
      output.deliver();
    }
  }

  /** Runs some ops backward, from the last one on. */
  void backward(Kernels k, int from, int to) {
    for (int p = to - 1; p >= from; p--) {
      if (results[p].wanted) {
        ops[p].backward(k);
      }
    }
  }

  /**
   * Adds the gradients of most weights over a section.
   *
   * @param first its first row in the whole batch
   * @param end the row behind its last
   * @param gradient laid out as the weights
   */
  void gradients(Kernels k, int first, int end, float[] gradient) {
    for (int p = 0; p < ops.length; p++) {
      if (trains[p] && !ops[p].wholeBatch() && !ops[p].sparse()) {
        ops[p].gradients(k, first - batch.first, end - batch.first, gradient);
      }
    }
  }

  /** The same for those of {@link #sparse()}. */
  void sparseGradients(Kernels k, int first, int end, float[] gradient) {
    for (int p = 0; p < ops.length; p++) {
      if (trains[p] && ops[p].sparse()) {
        ops[p].gradients(k, first - batch.first, end - batch.first, gradient);
      }
    }
  }

  /** The variables that {@link #sparseGradients} adds to, and {@link #gradients} does not. */
  List<Weights.Slice> sparse() {
    return sparse;
  }

  /** Adds the gradients of those weights whose layers take all rows at once. */
  void wholeGradients(Kernels k, float[] gradient) {
    for (int p = 0; p < ops.length; p++) {
      if (trains[p] && ops[p].wholeBatch()) {
        ops[p].gradients(k, 0, batch.rows, gradient);
      }
    }
  }

  /** Changes, once an update of the weights has been made, what is kept but not trained. */
  void update() {
    for (TrainingOp op : ops) {
      op.update(weights.values());
    }
  }
}
