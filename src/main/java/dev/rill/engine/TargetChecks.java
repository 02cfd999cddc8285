package dev.rill.engine;

import dev.rill.layers.Graph;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;

/** Refuses targets and sample weights that do not fit the outputs of a graph. */
final class TargetChecks {
  private final Graph graph;
  private final StepCounts counts;
  private final TrainingOutput[] outputs;

  /**
   * Those of a graph.
   *
   * @param counts steps of the batch at hand
   */
  TargetChecks(Graph graph, StepCounts counts, TrainingOutput[] outputs) {
    this.graph = graph;
    this.counts = counts;
    this.outputs = outputs;
  }

  /** Holds targets and sample weights against an output; nothing changes. */
  void check(int output, int rows, Tensor y, int partWidth, Tensor sampleWeight) {
    boolean sequence = outputs[output].sequence();
    int steps = counts.at(graph.outputs().get(output));
    long cells = (long) rows * steps;
    int targetWidth = outputs[output].parts() * partWidth;
    boolean fits = y.shape().rank() > 0 && y.shape().axis(0) == rows && y.size() == cells * targetWidth;
    if (!fits || !inOrder(y.shape(), output, steps, partWidth)) {
      StringBuilder expected = new StringBuilder("(").append(rows);
      for (int axis = 1; axis < graph.shape(graph.outputs().get(output)).rank(); axis++) {
        expected.append(", ").append(targetAxis(output, axis, steps, partWidth));
      }
      throw new ShapeException("targets of output " + outputs[output].name() + ": expected " + expected.append(')') + ", got "
          + y.shape() + timeAxis(sequence, y.shape(), (long) rows * targetWidth));
    }
    if (sampleWeight != null && (sampleWeight.shape().rank() == 0 || sampleWeight.shape().axis(0) != rows
        || sampleWeight.size() != rows && sampleWeight.size() != cells)) {
      throw new ShapeException("sample weights: expected (" + rows + ")" + (sequence ? " or (" + rows + ", " + steps + ")" : "")
          + ", got " + sampleWeight.shape());
    }
  }

  /**
   * Whether targets of the right size have their axes in the right order, so that those of a sequence turned about are not taken
   * for others. Neighbours may be one axis, and those of 1 missing: numbers lie one behind the other all the same.
   */
  private boolean inOrder(Shape y, int output, int steps, int partWidth) {
    int next = 1;
    for (int axis = 1; y.size() > 0 && axis < y.rank(); axis++) {
      for (int left = y.axis(axis); left > 1; next++) {
        int size = targetAxis(output, next, steps, partWidth);
        if (left % size != 0) {
          return false;
        }
        left /= size;
      }
    }
    return true;
  }

  private int targetAxis(int output, int axis, int steps, int partWidth) {
    Shape shape = graph.shape(graph.outputs().get(output));
    if (axis == shape.rank() - 1) {
      return partWidth;
    }
    return axis == 1 ? steps : shape.axis(axis);
  }

  /** What to do about targets that have a time axis where the output has none, or none where it has one. */
  private static String timeAxis(boolean sequence, Shape y, long oneStep) {
    if (sequence && y.size() == oneStep) {
      return "; the output has a time axis: give a target for each step, or let the last recurrent layer give its last output "
          + "alone, without returnSequences(true)";
    }
    return !sequence && y.size() > oneStep && y.size() % oneStep == 0
        ? "; the output has no time axis: returnSequences(true) in the last recurrent layer gives it one, targetsAtEnd() of "
            + "StreamData takes the target at the end of each window" : "";
  }
}
