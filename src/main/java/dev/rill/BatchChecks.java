package dev.rill;

import dev.rill.engine.Plan;
import dev.rill.engine.Workspace;
import dev.rill.layers.Graph;
import dev.rill.tensor.Memory;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** Rows, held against a model and cut into batches: in order, and for a stateful model into whole ones only. */
final class BatchChecks {
  /** What is done with some rows. */
  interface Step {
    void run(int from, int to);
  }

  private BatchChecks() {}

  /** Refuses batches that cannot be made. */
  static void check(int rows, int batchSize, boolean stateful) {
    if (batchSize < 1) {
      throw new ShapeException("expected a batch size of at least 1, got " + batchSize);
    }
    if (rows == 0) {
      throw new ShapeException("the input has no rows: expected at least one");
    }
    int batch = Math.min(batchSize, rows);
    if (stateful && rows % batch != 0) {
      throw new ShapeException("a stateful model runs whole batches only: " + rows + " rows are no multiple of the batch size "
          + batch);
    }
  }

  static void each(int rows, int batchSize, Step step) {
    int batch = Math.min(batchSize, rows);
    for (int from = 0; from < rows; from += batch) {
      step.run(from, Math.min(rows, from + batch));
    }
  }

  /** The output of a model that has one. */
  static Tensor single(List<Tensor> outputs) {
    if (outputs.size() != 1) {
      throw new ShapeException("the model has " + outputs.size() + " outputs: pass its inputs as a list");
    }
    return outputs.get(0);
  }

  static List<Tensor> rows(List<Tensor> all, int from, int to) {
    return all.stream().map(tensor -> tensor.rows(from, to)).toList();
  }

  /** Capacity for all outputs. */
  static List<Tensor> outputs(Plan plan, List<Tensor> x, int rows) {
    Graph graph = plan.graph();
    int[] inputSteps = new int[x.size()];
    for (int i = 0; i < inputSteps.length; i++) {
      inputSteps[i] = plan.inputSequence(i) ? x.get(i).shape().axis(1) : 1;
    }
    Tensor[] y = new Tensor[graph.outputs().size()];
    for (int i = 0; i < y.length; i++) {
      Graph.Ref output = graph.outputs().get(i);
      Shape shape = graph.shape(output).with(0, rows);
      shape = graph.sequence(output) ? shape.with(1, graph.steps(output, inputSteps)) : shape;
      y[i] = Tensor.of(Memory.floats(shape.elements(), "output of layer " + graph.layerName(output) + ", " + shape),
          shape.toArray());
    }
    return List.of(y);
  }

  private static Tensor zeros(Shape shape, String layer) {
    try {
      return Tensor.zeros(shape.toArray());
    } catch (OutOfMemoryError e) {
      throw new ShapeException("the output of layer " + layer + ", of shape " + shape + ", takes " + 4L * shape.size()
          + " bytes; the JVM's heap has " + Runtime.getRuntime().maxMemory() + ": take fewer rows, or raise -Xmx");
    }
  }

  /** Points a workspace at inputs. */
  static void bind(Plan plan, Workspace workspace, List<Tensor> x) {
    for (int i = 0; i < x.size(); i++) {
      Tensor t = x.get(i);
      int steps = plan.inputSequence(i) ? t.shape().axis(1) : 1;
      workspace.input(i, t.array(), t.offset(), t.stride(), plan.inputWidth(i), steps);
    }
  }
}
