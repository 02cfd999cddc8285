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
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph and its weights, packed and in running order: what a network or a model carries out. Immutable; any number of
 * threads, each with its own state and workspace.
 */
public final class Plan {
  /** Row-steps that a call cuts time into: enough for full tiles, little enough to stay in a core's cache. */
  private static final int BLOCK = 64;

  private final Graph graph;
  private final WeightFormat packing;
  private final InferenceOp[] ops;
  private final PlanPorts inputs;
  private final PlanPorts outputs;
  private final int signals;
  private final InputChecks checks;
  private final boolean checked;
  /** Whether a layer gives other steps than it reads. */
  private final boolean makesTime;
  /** Whether a single step leaves everything in place for the next. */
  private final boolean repeats;
  private final List<State.Plane> planes;
  private final String obstacle;

  private Plan(Graph graph, Weights weights, WeightFormat packing) {
    this.graph = graph;
    this.packing = packing;
    int[] firstSignal = new int[graph.nodes().size() + 1];
    List<InferenceOp> all = new ArrayList<>();
    List<State.Plane> structure = new ArrayList<>();
    Map<String, Integer> firstPlane = new HashMap<>();
    Set<String> run = new HashSet<>();
    Map<String, Integer> applications = graph.applications();
    String whyNot = null;
    boolean makes = false;
    int results = 0;
    for (Graph.Node node : graph.nodes()) {
      results += node.outputs().size();
    }
    // Masks are signals behind the results.
    int count = results;
    int[] maskOf = new int[results];
    Arrays.fill(maskOf, -1);
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      firstSignal[n + 1] = firstSignal[n] + node.outputs().size();
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
      int outputPlane = -1;
      if (layer.takesMask() && (node.appliedMask() == null || node.appliedMask().every())) {
        masks[0] = -1;
      }
      List<State.Plane> kept = layer.state(shapes);
      // A layer applied twice carries one state only if it is stateful; else each application has its own.
      if (!kept.isEmpty() && (!firstPlane.containsKey(name) || !layer.stateful())) {
        firstPlane.put(name, structure.size());
        structure.addAll(kept);
      }
      if (layer.takesMask() && masks[0] >= 0 && layer.lastOutput() != null) {
        outputPlane = structure.size();
        structure.add(layer.lastOutput());
      }
      String own = obstacle(node, !kept.isEmpty(), !run.add(name));
      whyNot = whyNot == null ? own : whyNot;
      makes |= !layer.keepsTime() && graph.sequence(new Graph.Ref(n, 0));
      int[] written = new int[node.outputs().size()];
      for (int o = 0; o < written.length; o++) {
        written[o] = firstSignal[n] + o;
      }
      all.add(LayerOpsTable.of(layer).inference(new OpContext(name, all.size(), read, masks,
          PlanPorts.signals(firstSignal, node.initialState()), written, maskOf[firstSignal[n]], shapes, widths, graph.sequence(node.inputs().get(0)), graph.sequence(new Graph.Ref(n, 0)) ? node.outputs().get(0).axis(1) : 1, packing, weights.values(),
          weights.slices(name), firstPlane.getOrDefault(name, -1), layer.stateful() && applications.get(name) > 1, outputPlane)));
    }
    makesTime = makes;
    checks = new InputChecks(graph);
    checked = !checks.none();
    ops = all.toArray(new InferenceOp[0]);
    boolean repeatable = !makesTime;
    for (InferenceOp op : ops) {
      repeatable &= op.repeats();
    }
    repeats = repeatable;
    inputs = new PlanPorts(graph, graph.inputs(), firstSignal);
    outputs = new PlanPorts(graph, graph.outputs(), firstSignal);
    signals = count;
    planes = List.copyOf(structure);
    obstacle = whyNot;
  }

  /** Why this node cannot run step by step, or null if it can. */
  private static String obstacle(Graph.Node node, boolean keepsState, boolean again) {
    Layer layer = node.layer();
    if (layer.needsWholeTime() != null) {
      return "layer " + layer.label() + " " + layer.needsWholeTime();
    }
    if (!node.initialState().isEmpty()) {
      return "layer " + layer.label() + " takes its initial state from the graph at each call, so cutting time changes it";
    }
    return keepsState && again ? "layer " + layer.label() + " is applied more than once, and has one state" : null;
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
    if (KernelChoice.problem() != null) {
      throw new UnsupportedException(KernelChoice.problem());
    }
    try {
      Plan plan = new Plan(graph.unfolded(), weights, WeightFormat.valueOf(precision.name()));
      PlanWarmUp.inBackground(plan);
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
   * @return for example {@code simd, 512 bit (auto)}
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
    return planes;
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
   */
  public long stateBytes(int rows) {
    return Planes.bytes(StateBuffer.units(planes), rows);
  }

  /**
   * Memory of a workspace once it has seen calls of many steps.
   *
   * @param rows largest number of rows in a call
   * @return bytes
   */
  public long workspaceBytes(int rows) {
    Capacity capacity = new Capacity(rows, Math.max(rows, BLOCK), BLOCK);
    long floats = 0;
    for (InferenceOp op : ops) {
      floats += op.scratchFloats(capacity) + op.copies() * Rows.COPIES;
    }
    return 4 * floats;
  }

  /**
   * A state of zeros.
   *
   * @param rows number of streams
   * @return a new buffer
   * @throws ShapeException if so many rows do not fit into memory
   */
  public StateBuffer state(int rows) {
    return StateBuffer.of(planes, rows);
  }

  /**
   * An empty workspace.
   *
   * @return a new one
   */
  public Workspace workspace() {
    return new Workspace(this, signals, inputs.signals, outputs.signals.length, ops.length);
  }

  /**
   * Whether a workspace was made by this plan.
   *
   * @param workspace some workspace
   * @return true if it fits
   */
  public boolean owns(Workspace workspace) {
    return workspace.plan() == this;
  }

  /**
   * One step of some rows, given as arrays of one input and one output, from {@code [0]} on.
   *
   * @param ws a workspace of this plan
   * @param state read and advanced
   * @param map row of the state for each row of the input, or null where they are the same
   * @param rows rows of the input
   * @param x inputs, [rows][features], or ids
   * @param y outputs, [rows][features]
   * @throws RillException if {@link #check} refuses the input
   */
  public void step(Workspace ws, StateBuffer state, int[] map, int rows, float[] x, float[] y) {
    step(KernelChoice.current(packing), ws, state, map, rows, x, y);
  }

  void step(Kernels k, Workspace ws, StateBuffer state, int[] map, int rows, float[] x, float[] y) {
    Planes planes = state.planes();
    boolean together = TensorView.together(map, rows);
    if (!together || !ws.hasStepped(planes, rows)) {
      ws.input(0, x, 0, inputs.widths[0], inputs.widths[0], 1);
      ws.output(0, y, 0, outputs.widths[0], outputs.widths[0]);
      run(k, ws, state, map, rows);
      if (rows > 0 && together && repeats) {
        ws.stepped(planes, rows);
      }
      return;
    }
    ws.boundInput(0).set(x);
    if (checked) {
      check(ws, rows);
    }
    int first = map == null ? 0 : map[0];
    for (InferenceOp op : ops) {
      op.again(k, ws, planes, first, rows);
    }
    ws.boundOutput(0).set(y);
    ws.view(outputs.signals[0]).copy(ws.boundOutput(0), rows, 0, outputs.widths[0]);
  }

  private static int block(int rows) {
    return Math.max(1, BLOCK / Math.max(1, rows));
  }

  /**
   * Refuses what has been bound to a workspace before anything changes: ids that an embedding does not have, and sequences of
   * different lengths that are to be joined.
   *
   * @param ws a workspace of this plan
   * @param rows rows of the input
   * @throws RillException if an id is out of range or NaN
   * @throws ShapeException if lengths differ, or a sequence is too short for a layer
   */
  public void check(Workspace ws, int rows) {
    checks.check(ws.boundInputs(), rows, ws.counts());
  }

  /**
   * Carries out some time steps of some rows. Inputs and outputs have been bound to the workspace; sizes have been
   * checked, and are by {@link #check} before anything changes. Allocates only if the workspace has not seen a call as large.
   *
   * @param ws a workspace of this plan
   * @param state read and advanced
   * @param map row of the state for each row of the input, or null where they are the same
   * @param rows rows of the input
   * @throws RillException if {@link #check} refuses an input
   */
  public void run(Workspace ws, StateBuffer state, int[] map, int rows) {
    run(KernelChoice.current(packing), ws, state, map, rows);
  }

  void run(Kernels k, Workspace ws, StateBuffer state, int[] map, int rows) {
    if (rows == 0) {
      return;
    }
    if (checked) {
      check(ws, rows);
    }
    int longest = longest(ws);
    int block = longest > 1 && longest > block(rows) && cuttable(ws, longest) ? block(rows) : longest;
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

  /** Steps of the longest sequence of a call. */
  private int longest(Workspace ws) {
    if (makesTime) {
      ws.counts().count(ws.boundInputs());
      return ws.counts().longest();
    }
    int longest = 1;
    for (int i = 0; i < inputs.signals.length; i++) {
      longest = Math.max(longest, ws.boundInput(i).steps);
    }
    return longest;
  }

  /** Whether time can be cut into blocks: all sequences must be equally long. */
  private boolean cuttable(Workspace ws, int longest) {
    for (int i = 0; i < inputs.signals.length; i++) {
      if (inputs.sequences[i] && ws.boundInput(i).steps != longest) {
        return false;
      }
    }
    return obstacle == null;
  }

  /** Carries out a block of time; what is no sequence comes with the last. */
  private void pass(Kernels k, Workspace ws, Planes state, int[] map, int rows, int from, boolean last) {
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
  }

  /**
   * Whether one of the model's inputs is a sequence, of features or of ids.
   *
   * @param input its index
   * @return false for one value a call
   */
  public boolean inputSequence(int input) {
    return inputs.sequences[input];
  }

  /**
   * Whether one of the model's inputs holds ids, which embeddings read.
   *
   * @param input its index
   * @return false if it holds features
   */
  public boolean inputIds(int input) {
    return inputs.ids[input];
  }

  /**
   * Whether one of the model's outputs is a sequence.
   *
   * @param output its index
   * @return false for one value a call
   */
  public boolean outputSequence(int output) {
    return outputs.sequences[output];
  }

  /**
   * Features of one of the model's inputs.
   *
   * @param input its index
   * @return size of its last axis; 1 for ids
   */
  public int inputWidth(int input) {
    return inputs.widths[input];
  }

  /**
   * Features of one of the model's outputs.
   *
   * @param output its index
   * @return size of its last axis
   */
  public int outputWidth(int output) {
    return outputs.widths[output];
  }
}
