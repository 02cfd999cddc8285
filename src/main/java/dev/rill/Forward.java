package dev.rill;

import dev.rill.layers.Graph;
import dev.rill.layers.Plan;
import dev.rill.layers.StateBuffer;
import dev.rill.layers.Workspace;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.Weights;
import java.util.List;

/** Whole batches of a model, run forward through a plan that is packed when it is needed. */
final class Forward {
  private final Graph graph;
  private final Weights weights;
  private final Carried carried;
  private Plan plan;
  private Workspace workspace;

  Forward(Graph graph, Weights weights, Carried carried) {
    this.graph = graph;
    this.weights = weights;
    this.carried = carried;
  }

  Plan plan() {
    if (plan == null) {
      plan = Plan.of(graph, weights);
      workspace = plan.workspace();
    }
    return plan;
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
    int rows = Batches.check(graph, x);
    carried.check(Math.min(batchSize, rows));
    List<Tensor> y = outputs(x, rows);
    bind(x);
    plan.check(workspace, rows);
    Batches.each(rows, batchSize, carried.stateful(),
        (from, to) -> run(Batches.rows(x, from, to), Batches.rows(y, from, to), to - from));
    return y;
  }

  private List<Tensor> outputs(List<Tensor> x, int rows) {
    Tensor[] y = new Tensor[graph.outputs().size()];
    for (int i = 0; i < y.length; i++) {
      int source = plan().timeSource(i);
      Shape shape = graph.shape(graph.outputs().get(i)).with(0, rows);
      y[i] = Tensor.zeros((source < 0 ? shape : shape.with(1, x.get(source).shape().axis(1))).toArray());
    }
    return List.of(y);
  }

  private void run(List<Tensor> x, List<Tensor> y, int rows) {
    StateBuffer state = enter(rows);
    bind(x);
    for (int i = 0; i < y.size(); i++) {
      Tensor t = y.get(i);
      workspace.output(i, t.array(), t.offset(), t.stride(), plan().outputWidth(i));
    }
    plan().run(workspace, state, null, rows);
  }

  private void bind(List<Tensor> x) {
    for (int i = 0; i < x.size(); i++) {
      Tensor t = x.get(i);
      int steps = plan().inputSequence(i) ? t.shape().axis(1) : 1;
      workspace.input(i, t.array(), t.offset(), t.stride(), plan().inputWidth(i), steps);
    }
  }
}
