package dev.rill;

import dev.rill.engine.InputShapes;
import dev.rill.engine.Plan;
import dev.rill.engine.StateBuffer;
import dev.rill.engine.Workspace;
import dev.rill.layers.Graph;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.util.List;

/** Whole batches of a model, run forward through a plan that is packed when it is needed. */
final class BatchPredictor {
  private final Graph graph;
  private final Weights weights;
  private final ModelState carried;
  private final OneThread use;
  private Precision precision = Precision.FLOAT32;
  private Plan plan;
  private Workspace workspace;

  BatchPredictor(Graph graph, Weights weights, ModelState carried, OneThread use) {
    this.graph = graph;
    this.weights = weights;
    this.carried = carried;
    this.use = use;
  }

  Plan plan() {
    if (plan == null) {
      plan = Plan.of(graph, weights, precision);
      workspace = plan.workspace();
    }
    return plan;
  }

  /** Sets in which numbers weights are packed. */
  void precision(Precision other) {
    Require.given(other, "the precision");
    use.enter();
    precision = other;
    plan = null;
    use.leave();
  }

  /** Says that weights have changed: they are packed anew when they are needed. */
  void changed() {
    plan = null;
  }

  /** Begins a call of some rows. A plan is not packed for training alone once there is a state. */
  StateBuffer enter(int rows) {
    return carried.enter(carried.fits(rows) ? null : plan(), rows);
  }

  /** Runs all rows in batches; returns one tensor an output. */
  List<Tensor> predict(List<Tensor> x, int batchSize) {
    use.enter();
    try {
      int rows = InputShapes.check(graph, x);
      BatchChecks.check(rows, batchSize, carried.stateful());
      carried.check(Math.min(batchSize, rows));
      List<Tensor> y = BatchChecks.outputs(plan(), x, rows);
      BatchChecks.bind(plan, workspace, x);
      plan.prepare(workspace, rows, Math.min(batchSize, rows));
      BatchChecks.each(rows, batchSize,
          (from, to) -> run(BatchChecks.rows(x, from, to), BatchChecks.rows(y, from, to), to - from));
      return y;
    } finally {
      use.leave();
    }
  }

  private void run(List<Tensor> x, List<Tensor> y, int rows) {
    StateBuffer state = enter(rows);
    carried.bind();
    BatchChecks.bind(plan(), workspace, x);
    for (int i = 0; i < y.size(); i++) {
      Tensor t = y.get(i);
      workspace.output(i, t.array(), t.offset(), t.stride(), plan().outputWidth(i));
    }
    plan().run(workspace, state, null, rows);
  }
}
