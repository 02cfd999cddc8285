package dev.rill.fuzz;

import dev.rill.Model;
import dev.rill.layers.Embedding;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Inputs that a model takes, and outputs held against each other. */
final class Tensors {
  /** Elements of a row beyond which a model is not run. */
  private static final long LARGE = 1 << 12;

  private Tensors() {}

  /** Whether every input and every layer's output is of a size that is run in no time. */
  static boolean small(Model model) {
    Graph graph = model.graph();
    for (Graph.Ref input : graph.inputs()) {
      if (!small(graph.shape(input))) {
        return false;
      }
    }
    for (int node = 0; node < graph.nodes().size(); node++) {
      if (!small(graph.shape(new Graph.Ref(node, 0)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean small(Shape shape) {
    long size = 1;
    for (int axis : shape.toArray()) {
      size *= Math.max(1, axis);
      if (size > LARGE) {
        return false;
      }
    }
    return true;
  }

  static List<Tensor> inputs(Model model, int rows, int steps, Choices choices) {
    Graph graph = model.graph();
    int ids = Integer.MAX_VALUE;
    for (Layer layer : graph.layers()) {
      ids = layer instanceof Embedding embedding ? Math.min(ids, embedding.ids()) : ids;
    }
    List<Tensor> x = new ArrayList<>();
    for (Graph.Ref input : graph.inputs()) {
      int[] axes = graph.shape(input).toArray();
      axes[0] = axes[0] == Shape.UNKNOWN ? rows : axes[0];
      int size = axes[0];
      for (int i = 1; i < axes.length; i++) {
        axes[i] = axes[i] == Shape.UNKNOWN ? steps : axes[i];
        size *= axes[i];
      }
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = graph.ids(input) ? choices.below(Math.min(ids, 8)) : choices.real();
      }
      x.add(Tensor.of(values, axes));
    }
    return x;
  }

  static void requireBits(List<Tensor> expected, List<Tensor> actual, String what) {
    for (int i = 0; i < expected.size(); i++) {
      Bounds.require(expected.get(i).shape().equals(actual.get(i).shape()), what + ": other shapes");
      requireBits(expected.get(i).toArray(), actual.get(i).toArray(), what);
    }
  }

  /** Every NaN is the same. */
  static void requireBits(float[] expected, float[] actual, String what) {
    Bounds.require(expected.length == actual.length, what + ": another length");
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        throw new AssertionError(what + " at " + i + ": expected " + expected[i] + ", got " + actual[i]);
      }
    }
  }
}
