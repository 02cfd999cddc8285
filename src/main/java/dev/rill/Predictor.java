package dev.rill;

import dev.rill.engine.ForwardPass;
import dev.rill.engine.InputShapes;
import dev.rill.engine.Plan;
import dev.rill.engine.StateBuffer;
import dev.rill.layers.Graph;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.training.TrainingThreads;
import java.util.List;

/**
 * Whole windows of a network: every row begins at a state of zero and nothing is carried from call to call, whatever the
 * {@code stateful} flags of layers. For every model, those that read the whole time axis too; streams are for {@link Session}.
 *
 * <p>For one thread at a time: a second one is refused at once by a {@link StateException}, no lock, nobody waits. Any number of
 * predictors may run on one network. A call takes any number of rows, which are run some at a time, so that memory does not grow
 * with them. Once warm, a call of arrays, or of tensors for its results, allocates nothing on the calling thread. A row's outputs do
 * not depend, to the bit, on the rows beside it, nor on how many threads share them.
 *
 * <pre>{@code
 * Predictor predictor = network.predictor();
 * predictor.run(1, 60, x, y);
 * }</pre>
 */
public final class Predictor {
  private final Network network;
  private final Graph graph;
  private final Plan plan;
  private final ForwardPass forward;
  private final StateBuffer state;
  /** Rows that all threads run at a time. */
  private final int most;
  private final OneThread use = new OneThread("the predictor", "give each thread one of its own, from network.predictor()");
  /** What inputs are held against: time has any length where it may be cut anywhere. */
  private final Shape[] shapes;

  Predictor(Network network, TrainingThreads threads, int batchSize) {
    this.network = network;
    plan = network.plan();
    most = (int) Math.min(Integer.MAX_VALUE, (long) batchSize * threads.size());
    graph = plan.graph();
    forward = new ForwardPass(plan, threads.executor(), threads.size());
    state = plan.state(0);
    shapes = new Shape[graph.inputs().size()];
    for (int i = 0; i < shapes.length; i++) {
      Shape shape = graph.shape(graph.inputs().get(i));
      shapes[i] = plan.obstacle() == null && plan.inputSequence(i) ? shape.with(1, Shape.UNKNOWN) : shape;
    }
  }

  /**
   * Runs windows of a model with one input and one output.
   *
   * @param rows number of windows
   * @param steps time steps of each; 1 where the input is no sequence
   * @param x inputs, [rows][steps][in]
   * @param y outputs, [rows][out], or [rows][steps][out] where the output is a sequence, of {@link #outputSteps} steps; not the same
   *     array as {@code x}
   * @throws ShapeException if an array is too short, the model reads another number of steps, or has several inputs or outputs
   * @throws StateException if another thread is using this predictor
   */
  public void run(int rows, int steps, float[] x, float[] y) {
    use.enter();
    try {
      Require.atLeast(rows, 0, "rows");
      checkSteps(steps);
      forward.arrays(rows, steps, x, y);
      run(rows);
    } finally {
      use.leave();
    }
  }

  private void checkSteps(int steps) {
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
      throw new ShapeException("the model has " + graph.inputs().size() + " inputs and " + graph.outputs().size()
          + " outputs: use run(List<Tensor>, List<Tensor>)");
    }
    boolean sequence = plan.inputSequence(0);
    int known = sequence ? shapes[0].axis(1) : 1;
    if (steps < 1 || known != Shape.UNKNOWN && steps != known) {
      throw new ShapeException("expected " + (known == Shape.UNKNOWN ? "at least one time step" : sequence ? "windows of " + known
          + " time steps" : "one step, as the input is no sequence") + ", got " + steps);
    }
  }

  /**
   * Runs windows.
   *
   * @param x one tensor an input, (rows, steps, features) or (rows, features); ids are (rows, steps)
   * @param y one tensor an output, which receives the results
   * @throws ShapeException if a shape does not fit, or an input and an output share an array
   * @throws StateException if another thread is using this predictor
   */
  public void run(List<Tensor> x, List<Tensor> y) {
    use.enter();
    try {
      int rows = InputShapes.check(graph, shapes, x);
      BatchChecks.bind(forward, x);
      checkOutputs(x, y, rows);
      BatchChecks.bindOutputs(forward, y);
      run(rows);
    } finally {
      use.leave();
    }
  }

  private void checkOutputs(List<Tensor> x, List<Tensor> y, int rows) {
    if (Require.all(y, "the outputs").size() != graph.outputs().size()) {
      throw new ShapeException("the model has " + graph.outputs().size() + " outputs, got " + y.size());
    }
    for (int o = 0; o < y.size(); o++) {
      Graph.Ref output = graph.outputs().get(o);
      Shape got = y.get(o).shape();
      boolean fits = graph.sequence(output)
          ? got.rank() == 3 && got.axis(1) == forward.steps(o) && got.axis(2) == plan.outputWidth(o)
          : graph.shape(output).acceptsBatch(got);
      if (!fits || got.axis(0) != rows) {
        throw new ShapeException("output " + graph.outputNames().get(o) + ": expected " + BatchChecks.outputShape(plan, o, x, rows)
            + ", got " + got);
      }
      for (int i = 0; i < x.size(); i++) {
        if (x.get(i).array() == y.get(o).array() && got.size() > 0) {
          throw new ShapeException("output " + graph.outputNames().get(o)
              + " lies in the array of an input: outputs need arrays of their own");
        }
      }
      for (int other = 0; other < o; other++) {
        if (y.get(o).overlaps(y.get(other))) {
          throw new ShapeException("outputs " + other + " and " + o + " overlap: each needs elements of its own");
        }
      }
    }
  }

  /**
   * Runs windows of a model with one input and one output.
   *
   * @param x input, (rows, steps, features) or (rows, features); ids are (rows, steps)
   * @return output, rows as in {@code x}; a new tensor
   * @throws ShapeException if its shape does not fit
   * @throws StateException if another thread is using this predictor
   */
  public Tensor predict(Tensor x) {
    return BatchChecks.single(predict(List.of(Require.given(x, "the input"))));
  }

  /**
   * Runs windows.
   *
   * @param x one tensor an input
   * @return one new tensor an output
   * @throws ShapeException if a shape does not fit
   * @throws StateException if another thread is using this predictor
   */
  public List<Tensor> predict(List<Tensor> x) {
    use.enter();
    try {
      int rows = InputShapes.check(graph, shapes, x);
      BatchChecks.bind(forward, x);
      List<Tensor> y = BatchChecks.outputs(plan, x, rows);
      BatchChecks.bindOutputs(forward, y);
      run(rows);
      return y;
    } finally {
      use.leave();
    }
  }

  private void run(int rows) {
    forward.prepare(rows, Math.min(rows, most / forward.threads()));
    for (int from = 0, count; from < rows; from += count) {
      count = Math.min(most, rows - from);
      state.begin(count);
      forward.run(from, from + count, state);
    }
  }

  /**
   * Time steps of the output of a model with one input and one output.
   *
   * @param steps those of the input
   * @return 1 if the output is no sequence
   * @throws ShapeException if that is too short for a layer, by its name
   */
  public int outputSteps(int steps) {
    if (graph.inputs().size() != 1) {
      throw new ShapeException("the model has " + graph.inputs().size() + " inputs: the steps of its outputs depend on all");
    }
    return graph.steps(graph.outputs().get(0), Require.atLeast(steps, 1, "time steps of a window"));
  }

  /** Returns what it runs on. */
  @Override
  public String toString() {
    return "Predictor on " + network;
  }
}
