package dev.rill.engine;

import dev.rill.engine.ops.Capacity;
import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.TensorView;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import dev.rill.kernels.WeightFormat;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Mask;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A graph and its weights, packed and in running order: what a network or a model carries out. Immutable; any number of
 * threads, each with its own state and workspace.
 */
public final class Plan {
  private final Graph graph;
  private final WeightFormat packing;
  private final InferenceOp[] ops;
  private final PlanPorts inputs;
  private final PlanPorts outputs;
  private final int signals;
  private final CallChecks calls;
  private final InputChecks checks;
  private final boolean checked;
  private final TimeBlocks time;
  /** Whether a single step leaves everything in place for the next. */
  private final boolean repeats;
  private final StateLayout states;
  private final String obstacle;

  private Plan(Graph graph, Weights weights, WeightFormat packing) {
    this.graph = graph;
    this.packing = packing;
    int[] firstSignal = PlanPorts.firstSignals(graph);
    List<InferenceOp> all = new ArrayList<>();
    states = new StateLayout(graph);
    Map<String, Integer> applications = graph.applications();
    String whyNot = null;
    boolean makes = false;
    // Masks are signals behind the results.
    int count = firstSignal[graph.nodes().size()];
    int[] maskOf = new int[count];
    Arrays.fill(maskOf, -1);
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      if (node.inputs().isEmpty()) {
        continue;
      }
      Layer layer = node.layer();
      String name = layer.name();
      int[] read = PlanPorts.signals(firstSignal, node.inputs());
      int[] masks = new int[read.length];
      int[] widths = new int[read.length];
      List<Shape> shapes = graph.shapes(node.inputs());
      for (int i = 0; i < read.length; i++) {
        masks[i] = maskOf[read[i]];
        widths[i] = graph.width(node.inputs().get(i));
      }
      Mask mask = graph.mask(new Graph.Ref(n, 0));
      if (mask != null) {
        maskOf[firstSignal[n]] = mask == graph.mask(node.inputs().get(0)) ? masks[0] : count++;
      }
      if (layer.takesMask() && (node.appliedMask() == null || node.appliedMask().every())) {
        masks[0] = -1;
      }
      String own = layer.obstacle(shapes, !node.initialState().isEmpty(), node.application() > 0);
      whyNot = whyNot == null && own != null ? "layer " + layer.label() + " " + own : whyNot;
      makes |= !layer.keepsTime() && graph.sequence(new Graph.Ref(n, 0));
      int[] written = new int[node.outputs().size()];
      for (int o = 0; o < written.length; o++) {
        written[o] = firstSignal[n] + o;
      }
      int steps = graph.sequence(new Graph.Ref(n, 0)) ? node.outputs().get(0).axis(1) : 1;
      all.add(LayerOpsTable.of(layer).inference(new OpContext(name, all.size(), read, masks,
          PlanPorts.signals(firstSignal, node.initialState()), written, maskOf[firstSignal[n]], shapes, widths,
          graph.sequence(node.inputs().get(0)), steps, packing, weights.values(), weights.slices(name), states.first(n),
          layer.stateful() && applications.get(name) > 1, states.lastOutput(n))));
    }
    checks = new InputChecks(graph);
    checked = !checks.none();
    ops = all.toArray(new InferenceOp[0]);
    boolean repeatable = !makes;
    int cells = Capacity.BLOCK;
    for (InferenceOp op : ops) {
      repeatable &= op.repeats();
      cells = Math.max(cells, op.blockCells());
    }
    repeats = repeatable;
    inputs = new PlanPorts("input", graph, graph.inputs(), firstSignal);
    outputs = new PlanPorts("output", graph, graph.outputs(), firstSignal);
    calls = new CallChecks(inputs, outputs);
    time = new TimeBlocks(graph, inputs, makes, whyNot == null, cells);
    signals = count;
    obstacle = whyNot;
  }

  /** A plan that runs within another: nothing is warmed up for it alone. */
  static Plan within(Graph graph, Weights weights, Precision precision) {
    return new Plan(graph.unfolded(), weights, WeightFormat.valueOf(precision.name()));
  }

  /**
   * Packs weights as they are.
   *
   * @param graph the structure
   * @param weights values for it; read now, not later
   * @return what runs
   */
  public static Plan of(Graph graph, Weights weights) {
    return of(graph, weights, Precision.FLOAT32);
  }

  /**
   * Packs weights in numbers of some precision.
   *
   * @param graph the structure
   * @param weights values for it; read now, not later
   * @param precision of the packed weights
   * @return what runs
   * @throws RillException if they do not fit into memory
   * @throws UnsupportedException if the property {@code rill.kernels} asks for what this machine cannot do
   */
  public static Plan of(Graph graph, Weights weights, Precision precision) {
    Require.given(graph, "the structure");
    Require.given(weights, "the weights");
    Require.given(precision, "the precision");
    if (KernelChoice.problem() != null) {
      throw new UnsupportedException(KernelChoice.problem());
    }
    try {
      Plan plan = new Plan(graph.unfolded(), weights, WeightFormat.valueOf(precision.name()));
      BackgroundWarmUp.start(plan);
      return plan;
    } catch (OutOfMemoryError e) {
      throw new RillException("the packed weights of model " + graph.name() + " do not fit into the JVM's "
          + (Runtime.getRuntime().maxMemory() >> 20) + " MB beside the " + (4L * weights.size() >> 20)
          + " MB of weights: raise -Xmx", e);
    }
  }

  /**
   * The structure.
   *
   * @return the graph it was made from
   */
  public Graph graph() {
    return graph;
  }

  /** How its weights are packed. */
  WeightFormat packing() {
    return packing;
  }

  /**
   * Says which kernels run and why.
   *
   * @return for example {@code simd, 512 bit (auto; ready)}
   */
  public String kernels() {
    return KernelChoice.describe(packing);
  }

  /**
   * What its recurrent layers keep.
   *
   * @return planes in running order
   */
  public List<State.Plane> planes() {
    return states.planes();
  }

  /**
   * Why time cannot be cut into calls as one likes.
   *
   * @return a sentence that names the layer, or null if it can
   */
  public String obstacle() {
    return obstacle;
  }

  /**
   * Memory of the packed weights.
   *
   * @return bytes
   */
  public long weightBytes() {
    long bytes = 0;
    for (InferenceOp op : ops) {
      bytes += op.weightBytes();
    }
    return bytes;
  }

  /**
   * Memory of a state.
   *
   * @param rows number of streams
   * @return bytes, padding included
   * @throws ShapeException if the number is negative
   */
  public long stateBytes(int rows) {
    return states.bytes(Require.atLeast(rows, 0, "rows of a state"));
  }

  /**
   * Size of one row of a state as bytes.
   *
   * @return bytes
   */
  public int rowBytes() {
    return RowLayout.bytes(planes());
  }

  /**
   * Memory of a workspace that has seen calls of some size.
   *
   * @param rows rows of a call
   * @param steps time steps of a call
   * @return bytes
   * @throws ShapeException if a number is negative, or a layer needs more steps
   */
  public long workspaceBytes(int rows, int steps) {
    int block = time.block(Require.atLeast(steps, 0, "time steps of a call"), Require.atLeast(rows, 0, "rows of a call"));
    Capacity capacity = Capacity.NONE.with(rows, block);
    long floats = 0;
    for (InferenceOp op : ops) {
      long copies = rows > 1 || block > 1 ? op.copies() * Rows.COPIES : 0;
      // What is too much for 2^60 bytes is too much in any case.
      floats = Math.min(1L << 60, floats + copies + op.scratchFloats(capacity));
    }
    return Float.BYTES * floats;
  }

  /**
   * A state of zeros.
   *
   * @param rows number of streams
   * @return a new buffer
   * @throws RillException if it does not fit into arrays and the heap
   */
  public StateBuffer state(int rows) {
    return states.state(rows);
  }

  /**
   * Empty memory for calls.
   *
   * @return a new one
   */
  public PlanMemory memory() {
    return new PlanMemory(this, signals, inputs.signals, outputs.signals, ops.length);
  }

  /**
   * Time steps of some rows, given as arrays of the only input and the only output.
   *
   * @param ws a workspace of this plan
   * @param state read and advanced
   * @param map row of the state for each row of the input, or null where they are the same
   * @param rows rows of the input
   * @param steps time steps
   * @param x inputs, [rows][steps][features], or ids
   * @param y outputs, [rows][steps][features], or [rows][features] if they are no sequence
   * @throws RillException if something does not fit, or {@link #prepare} refuses the input; nothing has changed then
   */
  public void run(PlanMemory ws, StateBuffer state, int[] map, int rows, int steps, float[] x, float[] y) {
    checkOwn(ws);
    Planes planes = Require.given(state, "the state").planes();
    if (steps == 1 && map == null && ws.repeatedStep().fits(planes, rows, x, y)) {
      ws.repeatedStep().run(KernelChoice.current(packing), 0);
      record(ws, null, rows, true);
      return;
    }
    state.checkRows(states.planes(), map, rows);
    calls.check(rows, steps, x, y);
    if (steps == 1) {
      step(KernelChoice.current(packing), ws, state, map, rows, x, y);
    } else if (steps > 0) {
      int in = inputs.widths[0];
      int out = outputs.widths[0];
      ws.input(0, x, 0, steps * in, in, steps);
      ws.output(0, y, 0, (outputs.sequences[0] ? steps : 1) * out, out);
      run(KernelChoice.current(packing), ws, state, map, rows);
    }
  }

  /**
   * Refuses a workspace that another plan has made.
   *
   * @param ws some workspace
   * @throws StateException if it does not fit
   */
  public void checkOwn(PlanMemory ws) {
    if (ws.plan() != this) {
      throw new StateException("the workspace is another network's: use workspace() of this one");
    }
  }

  void step(Kernels k, PlanMemory ws, StateBuffer state, int[] map, int rows, float[] x, float[] y) {
    Planes planes = state.planes();
    boolean together = TensorView.together(map, rows);
    RepeatedStep again = ws.repeatedStep();
    if (together && again.fits(planes, rows)) {
      again.run(k, map == null ? 0 : map[0], x, y);
      record(ws, map, rows, true);
      return;
    }
    ws.input(0, x, 0, inputs.widths[0], inputs.widths[0], 1);
    ws.output(0, y, 0, outputs.widths[0], outputs.widths[0]);
    run(k, ws, state, map, rows);
    if (rows > 0 && together && repeats) {
      again.remember(planes, rows);
    }
  }

  /**
   * Refuses what has been bound to a workspace before anything changes: ids that an embedding does not have, and sequences of
   * different lengths that are to be joined. Makes room for calls on parts of it.
   *
   * @param ws a workspace of this plan
   * @param rows rows of the input
   * @param batch rows of the largest call to come
   * @throws RillException if an id is out of range or NaN, lengths differ, or there is no room
   */
  public void prepare(PlanMemory ws, int rows, int batch) {
    checkOwn(ws);
    ws.repeatedStep().forget();
    checks.check(ws.boundInputs(), rows, ws.counts());
    ws.ensure(ops, batch, time.block(ws, time.longest(ws), batch));
  }

  /**
   * Carries out some time steps of some rows. Inputs and outputs have been bound to the workspace, and are as long as they must be.
   * Allocates only if the workspace has not seen a call as large.
   *
   * @param ws a workspace of this plan
   * @param state read and advanced
   * @param map row of the state for each row of the input, or null where they are the same
   * @param rows rows of the input
   * @throws RillException if something does not fit, or {@link #prepare} refuses an input; nothing has changed then
   */
  public void run(PlanMemory ws, StateBuffer state, int[] map, int rows) {
    checkOwn(ws);
    Require.given(state, "the state").checkRows(states.planes(), map, rows);
    run(KernelChoice.current(packing), ws, state, map, rows);
  }

  void run(Kernels k, PlanMemory ws, StateBuffer state, int[] map, int rows) {
    if (rows == 0) {
      return;
    }
    check(ws, rows);
    int longest = time.longest(ws);
    int block = time.block(ws, longest, rows);
    ws.ensure(ops, rows, block);
    if (block == longest) {
      pass(k, ws, state.planes(), map, rows, 0, true);
      return;
    }
    for (int from = 0; from < longest; from += block) {
      for (int i = 0; i < inputs.signals.length; i++) {
        if (inputs.sequences[i]) {
          ws.boundInput(i).cut(Math.min(from, block), Math.min(block, longest - from));
        }
      }
      pass(k, ws, state.planes(), map, rows, from, from + block >= longest);
    }
  }

  /** Carries out a block of time; what is no sequence comes with the last. */
  private void pass(Kernels k, PlanMemory ws, Planes state, int[] map, int rows, int from, boolean last) {
    for (InferenceOp op : ops) {
      if (last || op.sequence) {
        op.run(k, ws, state, map, rows);
      }
    }
    for (int i = 0; i < outputs.signals.length; i++) {
      if (last || outputs.sequences[i]) {
        ws.view(outputs.signals[i]).copy(ws.boundOutput(i), rows, outputs.sequences[i] ? from : 0, outputs.widths[i]);
      }
    }
    record(ws, map, rows, last);
  }

  private static void record(PlanMemory ws, int[] map, int rows, boolean last) {
    if (ws.recorded()) {
      ws.recording().take(ws, map, rows, last);
    }
  }

  /** Refuses bound inputs that {@link #prepare} would refuse. */
  void check(PlanMemory ws, int rows) {
    if (checked) {
      checks.check(ws.boundInputs(), rows, ws.counts());
    }
  }

  /** What it carries out, in running order. */
  InferenceOp[] ops() {
    return ops;
  }

  /** Time steps of the longest sequence of a call that is bound to a workspace. */
  int longest(PlanMemory ws) {
    return time.longest(ws);
  }

  /**
   * Room to record calls in.
   *
   * @param rows of the state
   * @param capacity steps of each layer that are kept, the last ones
   * @param gates whether gates are wanted beside states
   * @return empty
   * @throws ShapeException if there is no room
   */
  public Recording recording(int rows, int capacity, boolean gates) {
    return new Recording(graph, ops, inputs, outputs, rows, capacity, gates);
  }

  /**
   * Whether one of the model's inputs is a sequence, of features or of ids.
   *
   * @param input its index
   * @return false for one value a call
   */
  public boolean inputSequence(int input) {
    return inputs.sequences[inputs.checked(input)];
  }

  /**
   * Whether one of the model's inputs holds ids, which embeddings read.
   *
   * @param input its index
   * @return false if it holds features
   */
  public boolean inputIds(int input) {
    return inputs.ids[inputs.checked(input)];
  }

  /**
   * Whether one of the model's outputs is a sequence.
   *
   * @param output its index
   * @return false for one value a call
   */
  public boolean outputSequence(int output) {
    return outputs.sequences[outputs.checked(output)];
  }

  /**
   * Features of one of the model's inputs.
   *
   * @param input its index
   * @return size of its last axis; 1 for ids
   */
  public int inputWidth(int input) {
    return inputs.widths[inputs.checked(input)];
  }

  /**
   * Features of one of the model's outputs.
   *
   * @param output its index
   * @return size of its last axis
   */
  public int outputWidth(int output) {
    return outputs.widths[outputs.checked(output)];
  }
}
