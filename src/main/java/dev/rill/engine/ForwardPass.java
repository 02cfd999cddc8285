package dev.rill.engine;

import dev.rill.engine.ops.TensorView;
import dev.rill.layers.Graph;
import dev.rill.tensor.ShapeException;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * A plan at work on rows of a caller's arrays, which threads share: each has scratch memory and rows of the state of its own, and
 * no row depends on another, so that their number changes no bit. One thread calls it; warm, a call on its own thread allocates
 * nothing.
 */
public final class ForwardPass {
  /** Multiply-adds that are worth a thread, for each float of a vector: some 0.1 ms. */
  private static final long SHARE = 300_000;

  /** What one thread works in. */
  private static final class Part {
    final PlanMemory workspace;
    /** Rows of the state. */
    int[] map = {};

    Part(Plan plan) {
      workspace = plan.memory();
    }

    /** Neighbouring rows of the state, from one on; null where that is the first. */
    int[] map(int from, int rows) {
      if (from == 0) {
        return null;
      }
      if (map.length < rows) {
        map = new int[rows];
      }
      for (int row = 0; row < rows; row++) {
        map[row] = from + row;
      }
      return map;
    }
  }

  private final Plan plan;
  private final Graph graph;
  private final Shares shares;
  private final Shares.Work work;
  /** Multiply-adds of a step of a row, of each node. */
  private final long[] multiplyAdds;
  private final TensorView[] inputs;
  private final TensorView[] outputs;
  private final StepCounts counts;
  private Part[] parts;
  /** The rows under way, and how many threads share them. */
  private StateBuffer state;
  private int first;
  private int rows;
  private int threads;

  /**
   * Makes no room yet.
   *
   * @param plan what runs
   * @param executor whose threads help; null for none
   * @param most how many share the work, the calling thread included
   */
  public ForwardPass(Plan plan, Executor executor, int most) {
    this.plan = plan;
    graph = plan.graph();
    shares = new Shares(executor, most);
    // A class and no lambda: the first lambda of a process costs as much as the rest of loading a model.
    work = new Shares.Work() {
      @Override
      public void share(int index) {
        run(index);
      }
    };
    // Only who shares asks whether sharing pays.
    multiplyAdds = shares.most() > 1 ? multiplyAdds(graph) : new long[0];
    inputs = TensorView.some(graph.inputs().size());
    outputs = TensorView.some(graph.outputs().size());
    counts = new StepCounts(graph);
    parts = new Part[] {new Part(plan)};
  }

  private static long[] multiplyAdds(Graph graph) {
    long[] all = new long[graph.nodes().size()];
    for (int n = 0; n < all.length; n++) {
      Graph.Node node = graph.nodes().get(n);
      all[n] = node.inputs().isEmpty() ? 0 : node.layer().multiplyAdds(graph.shape(node.inputs().get(0)));
    }
    return all;
  }

  /**
   * What runs.
   *
   * @return the plan
   */
  public Plan plan() {
    return plan;
  }

  /**
   * How many threads share the rows at most.
   *
   * @return the calling one included
   */
  public int threads() {
    return shares.most();
  }

  /**
   * Points an input at a caller's array, its steps one behind the other; nothing is copied.
   *
   * @param input index of the model's input
   * @param x the array
   * @param at first element
   * @param rowStride distance between rows
   * @param steps number of time steps, 1 for an input that is no sequence
   */
  public void input(int input, float[] x, int at, int rowStride, int steps) {
    inputs[input].set(x, at, rowStride, plan.inputWidth(input), steps);
  }

  /**
   * Says where an output goes, its steps one behind the other.
   *
   * @param output index of the model's output
   * @param y the array
   * @param at first element
   * @param rowStride distance between rows
   */
  public void output(int output, float[] y, int at, int rowStride) {
    outputs[output].set(y, at, rowStride, plan.outputWidth(output), 0);
  }

  /**
   * Time steps of an output, given the inputs.
   *
   * @param output index of the model's output
   * @return 1 if it is no sequence
   * @throws ShapeException if a sequence is too short for a layer, by its name
   */
  public int steps(int output) {
    counts.count(inputs);
    return counts.at(graph.outputs().get(output));
  }

  /**
   * Points the only input and the only output at arrays of windows.
   *
   * @param count rows
   * @param steps time steps of the input
   * @param x inputs, [rows][steps][features], or ids
   * @param y outputs, [rows][steps of the output][features]
   * @throws dev.rill.tensor.RillException if an array is missing or too short, or both are one
   */
  public void arrays(int count, int steps, float[] x, float[] y) {
    CallChecks.check("x", x, count, steps, plan.inputWidth(0));
    input(0, x, 0, steps * plan.inputWidth(0), steps);
    int given = steps(0);
    CallChecks.check("y", y, count, given, plan.outputWidth(0));
    if (x == y && count > 0) {
      throw new ShapeException("x and y are the same array: outputs need an array of their own");
    }
    output(0, y, 0, given * plan.outputWidth(0));
  }

  /**
   * Refuses inputs, and makes room, before anything changes; see {@link Plan#prepare}.
   *
   * @param count rows of the inputs
   * @param batch rows that a thread runs at a time
   * @throws dev.rill.tensor.RillException if an id is out of range or NaN, lengths differ, or there is no room
   */
  public void prepare(int count, int batch) {
    bind(parts[0].workspace, 0);
    plan.prepare(parts[0].workspace, count, batch);
  }

  private void bind(PlanMemory workspace, int from) {
    for (int i = 0; i < inputs.length; i++) {
      TensorView x = inputs[i];
      workspace.input(i, x.data, x.at + from * x.stride, x.stride, x.stepStride, x.steps);
    }
  }

  /**
   * Runs some rows.
   *
   * @param from first row of the inputs and outputs; it goes with row 0 of the state
   * @param to behind the last
   * @param advanced state of these rows
   * @throws ShapeException if there is no room
   */
  public void run(int from, int to, StateBuffer advanced) {
    state = advanced;
    first = from;
    rows = to - from;
    threads = shares.most() == 1 ? 1 : worth();
    if (parts.length < threads) {
      int had = parts.length;
      parts = Arrays.copyOf(parts, threads);
      for (int i = had; i < threads; i++) {
        parts[i] = new Part(plan);
      }
    }
    shares.run(threads, work);
  }

  private int worth() {
    counts.count(inputs);
    long all = 0;
    for (int n = 0; n < multiplyAdds.length; n++) {
      if (multiplyAdds[n] > 0) {
        boolean sequence = graph.sequence(graph.nodes().get(n).inputs().get(0));
        all += multiplyAdds[n] * rows * (sequence ? counts.of(n) : 1);
      }
    }
    return shares.worth(all, SHARE, rows);
  }

  /** Carries out a share of the rows. */
  private void run(int index) {
    int from = (int) ((long) rows * index / threads);
    int count = (int) ((long) rows * (index + 1) / threads) - from;
    Part part = parts[index];
    bind(part.workspace, first + from);
    for (int i = 0; i < outputs.length; i++) {
      TensorView y = outputs[i];
      part.workspace.output(i, y.data, y.at + (first + from) * y.stride, y.stride, y.stepStride);
    }
    plan.run(part.workspace, state, part.map(from, count), count);
  }
}
