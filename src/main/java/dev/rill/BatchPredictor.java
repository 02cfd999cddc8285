package dev.rill;

import dev.rill.engine.ForwardPass;
import dev.rill.engine.InputShapes;
import dev.rill.engine.Plan;
import dev.rill.engine.Recording;
import dev.rill.engine.StateBuffer;
import dev.rill.engine.PlanMemory;
import dev.rill.layers.Graph;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.Tensor;
import dev.rill.training.TrainingThreads;
import dev.rill.variables.Weights;
import java.util.List;

/** Whole batches of a model, run forward through a plan that is packed when it is needed. */
final class BatchPredictor {
  private final Graph graph;
  private final Weights weights;
  private final ModelState carried;
  private final OneThread use;
  private Precision precision = Precision.FLOAT32;
  private TrainingThreads threads = TrainingThreads.callerOnly();
  /** Null where it is to be packed anew. */
  private ForwardPass forward;

  BatchPredictor(Graph graph, Weights weights, ModelState carried, OneThread use) {
    this.graph = graph;
    this.weights = weights;
    this.carried = carried;
    this.use = use;
  }

  /** Packs the weights, if they are not packed as they are. */
  ForwardPass forward() {
    if (forward == null) {
      forward = forward(Plan.of(graph, weights, precision));
    }
    return forward;
  }

  private ForwardPass forward(Plan plan) {
    // What is carried advances as a whole or not at all.
    TrainingThreads sharing = carried.stateful() ? TrainingThreads.callerOnly() : threads;
    return new ForwardPass(plan, sharing.executor(), sharing.size());
  }

  /** Sets in which numbers weights are packed. */
  void precision(Precision other) {
    Require.given(other, "the precision");
    use.enter();
    precision = other;
    forward = null;
    use.leave();
  }

  /** Sets who shares the rows of a stateless model. */
  void threads(TrainingThreads others) {
    threads = others;
    forward = forward == null ? null : forward(forward.plan());
  }

  /** Says that weights have changed: they are packed anew when they are needed. */
  void changed() {
    forward = null;
  }

  /** Runs all rows in batches; returns one tensor an output. */
  List<Tensor> predict(List<Tensor> x, int batchSize) {
    use.enter();
    try {
      int rows = InputShapes.check(graph, x);
      BatchChecks.check(rows, batchSize, carried.stateful());
      carried.check(Math.min(batchSize, rows));
      int batch = Math.min(batchSize, rows);
      ForwardPass pass = forward();
      List<Tensor> y = BatchChecks.outputs(pass.plan(), x, rows);
      BatchChecks.bind(pass, x);
      BatchChecks.bindOutputs(pass, y);
      pass.prepare(rows, batch);
      // Each thread runs batches of its own.
      long most = (long) batch * pass.threads();
      for (int from = 0; from < rows; ) {
        int to = (int) Math.min(rows, from + most);
        pass.run(from, to, carried.enter(to - from));
        carried.bind();
        from = to;
      }
      return y;
    } finally {
      use.leave();
    }
  }

  /** Runs one batch on this thread and writes down what happens. */
  Trace trace(List<Tensor> x, boolean gates) {
    use.enter();
    try {
      int rows = InputShapes.check(graph, x);
      BatchChecks.check(rows, Math.max(1, rows), carried.stateful());
      Plan plan = forward().plan();
      PlanMemory workspace = plan.memory();
      List<Tensor> y = BatchChecks.outputs(plan, x, rows);
      for (int i = 0; i < x.size(); i++) {
        Tensor t = x.get(i);
        int steps = plan.inputSequence(i) ? t.shape().axis(1) : 1;
        workspace.input(i, t.array(), t.offset(), t.stride(), plan.inputWidth(i), steps);
      }
      for (int i = 0; i < y.size(); i++) {
        Tensor t = y.get(i);
        workspace.output(i, t.array(), t.offset(), t.stride(), plan.outputWidth(i));
      }
      plan.prepare(workspace, rows, rows);
      StateBuffer state = carried.enter(rows);
      carried.bind();
      return Trace.of(Recording.of(plan, workspace, state, rows, gates), 0, rows);
    } finally {
      use.leave();
    }
  }
}
