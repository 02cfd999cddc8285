package dev.rill.engine;

import dev.rill.layers.Graph;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** Holds the shapes of inputs against a model. */
public final class InputShapes {
  private InputShapes() {}

  /**
   * Refuses what does not fit.
   *
   * @param graph the structure
   * @param x one tensor an input
   * @return their rows
   * @throws ShapeException if a shape does not fit, or rows differ
   */
  public static int check(Graph graph, List<Tensor> x) {
    return check(graph, null, x);
  }

  /**
   * The same with other shapes than those of the model's inputs.
   *
   * @param graph the structure
   * @param shapes one an input; null for those of the model
   * @param x one tensor an input
   * @return their rows
   * @throws ShapeException if a shape does not fit, or rows differ
   */
  public static int check(Graph graph, Shape[] shapes, List<Tensor> x) {
    if (Require.all(x, "the inputs").size() != graph.inputs().size()) {
      throw new ShapeException("the model has " + graph.inputs().size() + " inputs, got " + x.size());
    }
    int rows = x.get(0).shape().rank() == 0 ? 0 : x.get(0).shape().axis(0);
    for (int i = 0; i < x.size(); i++) {
      Shape expected = shapes == null ? graph.shape(graph.inputs().get(i)) : shapes[i];
      Shape got = x.get(i).shape();
      String name = graph.layerName(graph.inputs().get(i));
      boolean ids = graph.ids(graph.inputs().get(i));
      if (!expected.acceptsBatch(got)) {
        throw new ShapeException("input " + name + ": expected shape " + expected + " (batch, "
            + (expected.rank() == 3 ? "time, features" : ids ? "time" : "features") + "), got " + got);
      }
      if (got.axis(0) != rows) {
        throw new ShapeException("input " + name + " has " + got.axis(0) + " rows, another has " + rows);
      }
      if ((got.rank() == 3 || ids) && got.axis(1) == 0) {
        throw new ShapeException("input " + name + " has no time step: expected at least one");
      }
    }
    return rows;
  }
}
