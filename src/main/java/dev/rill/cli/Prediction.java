package dev.rill.cli;

import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Session;
import dev.rill.layers.Graph;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.training.TrainingThreads;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs rows that are streams of their own, whatever batch and {@code stateful} flags the model's file names: each
 * begins at zero or at a given state, so cutting the rows into batches changes nothing.
 */
final class Prediction {
  private final Model model;
  private final Graph graph;
  private final List<Tensor> x;
  private final int rows;
  private final int batch;
  private final List<Tensor> y = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param x one tensor an input
   * @param batch rows at once
   * @throws ShapeException if the tensors do not fit the model or each other
   */
  Prediction(Model model, List<Tensor> x, int batch) {
    this.model = model;
    this.graph = model.graph();
    this.x = x;
    for (int i = 0; i < x.size(); i++) {
      check(graph.inputs().get(i), x.get(i));
    }
    rows = x.get(0).shape().axis(0);
    this.batch = Math.min(batch, rows);
  }

  private void check(Graph.Ref input, Tensor tensor) {
    Shape expected = graph.shape(input).with(0, Shape.UNKNOWN);
    expected = sequence(input) ? expected.with(1, Shape.UNKNOWN) : expected;
    Shape got = tensor.shape();
    if (!expected.accepts(got)) {
      throw new ShapeException("input " + graph.layerName(input) + ": expected shape " + expected + " (rows, "
          + (expected.rank() == 3 ? "time, features" : graph.ids(input) ? "time" : "features") + "), got " + got
          + (lacksRows(expected, got) ? ": the axis of rows is missing; in numpy x[None] is a batch of one row" : ""));
    }
    if (got.axis(0) != x.get(0).shape().axis(0)) {
      throw new ShapeException("input " + graph.layerName(input) + " has " + got.axis(0) + " rows, another has "
          + x.get(0).shape().axis(0));
    }
    if (got.axis(0) == 0 || sequence(input) && got.axis(1) == 0) {
      throw new ShapeException("input " + graph.layerName(input) + ": expected at least one row and time step, got "
          + got);
    }
  }

  private static boolean lacksRows(Shape expected, Shape got) {
    int[] batch = new int[got.rank() + 1];
    batch[0] = 1;
    System.arraycopy(got.toArray(), 0, batch, 1, got.rank());
    return expected.accepts(Shape.of(batch));
  }

  private boolean sequence(Graph.Ref input) {
    return graph.shape(input).rank() == 3 || graph.ids(input);
  }

  /** Whole sequences from a state of zero, their rows shared out to threads. */
  List<Tensor> run(TrainingThreads threads) {
    return model.freeze().predictor(threads, batch).predict(x);
  }

  /**
   * Sequences that continue streams.
   *
   * @param start a row of state for each row, or null for zeros
   * @param ends gets the states that the rows end with, batch by batch, or null
   * @throws StateException if the model cannot be streamed or the state is of another structure
   */
  List<Tensor> run(Network network, State start, List<State> ends) {
    if (start != null && start.rows() != rows) {
      throw new StateException("the state has " + start.rows() + " rows, the input has " + rows
          + ": expected a row of state for each row of the input");
    }
    int steps = steps();
    if (steps == 0) {
      throw new ShapeException("the inputs have different numbers of time steps: expected equal ones where states are "
          + "read or written");
    }
    for (Graph.Ref output : graph.outputs()) {
      Shape shape = graph.shape(output).with(0, rows);
      y.add(Tensor.zeros((shape.rank() == 3 ? shape.with(1, steps) : shape).toArray()));
    }
    Session session = network.session(batch);
    for (int from = 0; from < rows; from += batch) {
      int to = Math.min(rows, from + batch);
      session.resize(to - from);
      session.reset();
      if (start != null) {
        // Whose weights it may have been made with is the command's question.
        session.stateOfOtherWeights(start.gather(range(from, to)));
      }
      session.step(rows(x, from).toArray(new Tensor[0]), rows(y, from).toArray(new Tensor[0]));
      if (ends != null) {
        ends.add(session.state());
      }
    }
    return y;
  }

  /** The number of time steps of all sequences, 1 if there is none, 0 if they differ. */
  private int steps() {
    int steps = -1;
    for (int i = 0; i < x.size(); i++) {
      if (sequence(graph.inputs().get(i))) {
        int own = x.get(i).shape().axis(1);
        steps = steps < 0 || steps == own ? own : 0;
      }
    }
    return Math.abs(steps);
  }

  private List<Tensor> rows(List<Tensor> tensors, int from) {
    int to = Math.min(rows, from + batch);
    List<Tensor> some = new ArrayList<>();
    for (Tensor tensor : tensors) {
      some.add(tensor.rows(from, to));
    }
    return some;
  }

  private static int[] range(int from, int to) {
    int[] range = new int[to - from];
    for (int i = 0; i < range.length; i++) {
      range[i] = from + i;
    }
    return range;
  }
}
