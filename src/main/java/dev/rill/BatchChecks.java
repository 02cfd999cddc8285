package dev.rill;

import dev.rill.engine.ForwardPass;
import dev.rill.engine.Plan;
import dev.rill.layers.Graph;
import dev.rill.tensor.Memory;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** Rows, held against a model and cut into batches: in order, and for a stateful model into whole ones only. */
final class BatchChecks {
  private BatchChecks() {}

  /** Refuses batches that cannot be made. */
  static void check(int rows, int batchSize, boolean stateful) {
    Require.atLeast(batchSize, 1, "batch size");
    if (rows == 0) {
      throw new ShapeException("the input has no rows: expected at least one");
    }
    int batch = Math.min(batchSize, rows);
    if (stateful && rows % batch != 0) {
      throw new ShapeException("a stateful model runs whole batches only: " + rows + " rows are no multiple of the batch size "
          + batch);
    }
  }

  /** The output of a model that has one. */
  static Tensor single(List<Tensor> outputs) {
    if (outputs.size() != 1) {
      throw new ShapeException("the model has " + outputs.size() + " outputs: pass its inputs as a list");
    }
    return outputs.get(0);
  }

  /** Capacity for all outputs. */
  static List<Tensor> outputs(Plan plan, List<Tensor> x, int rows) {
    Tensor[] y = new Tensor[plan.graph().outputs().size()];
    for (int i = 0; i < y.length; i++) {
      Shape shape = outputShape(plan, i, x, rows);
      y[i] = Tensor.of(Memory.floats(shape.elements(), "output " + plan.graph().outputNames().get(i) + ", " + shape), shape.toArray());
    }
    return List.of(y);
  }

  /** The shape of an output, given the inputs. */
  static Shape outputShape(Plan plan, int output, List<Tensor> x, int rows) {
    int[] inputSteps = new int[x.size()];
    for (int i = 0; i < inputSteps.length; i++) {
      inputSteps[i] = plan.inputSequence(i) ? x.get(i).shape().axis(1) : 1;
    }
    Graph graph = plan.graph();
    Graph.Ref ref = graph.outputs().get(output);
    Shape shape = graph.shape(ref).with(0, rows);
    return graph.sequence(ref) ? shape.with(1, graph.steps(ref, inputSteps)) : shape;
  }

  /** Points a forward pass at inputs. */
  static void bind(ForwardPass forward, List<Tensor> x) {
    for (int i = 0; i < x.size(); i++) {
      Tensor t = x.get(i);
      forward.input(i, t.array(), t.offset(), t.stride(), forward.plan().inputSequence(i) ? t.shape().axis(1) : 1);
    }
  }

  /** Points it at where outputs go. */
  static void bindOutputs(ForwardPass forward, List<Tensor> y) {
    for (int i = 0; i < y.size(); i++) {
      forward.output(i, y.get(i).array(), y.get(i).offset(), y.get(i).stride());
    }
  }
}
