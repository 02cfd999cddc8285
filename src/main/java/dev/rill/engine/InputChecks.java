package dev.rill.engine;

import dev.rill.engine.ops.TensorView;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a model asks of its inputs beyond their shapes: ids that an embedding has, and sequences that meet of one length. */
final class InputChecks {
  private record Lookup(Layer layer, int ids, int input) {}

  /** Sequences that a layer joins step by step, and that come from different time axes. */
  private record Meeting(String layer, int first, int other) {}

  /** A layer that counts the steps it reads. */
  private record Counting(String layer, Graph.Ref input) {}

  private final List<Counting> counting = new ArrayList<>();
  private final List<Lookup> lookups = new ArrayList<>();
  private final List<Meeting> meetings = new ArrayList<>();

  InputChecks(Graph graph) {
    Map<Graph.Ref, Integer> entries = new HashMap<>();
    for (int i = graph.inputs().size() - 1; i >= 0; i--) {
      entries.put(graph.inputs().get(i), i);
    }
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      if (node.layer().ids() > 0) {
        lookups.add(new Lookup(node.layer(), node.layer().ids(), entries.get(node.inputs().get(0))));
      }
      if (!node.inputs().isEmpty() && !node.layer().state(graph.shapes(node.inputs())).isEmpty()) {
        counting.add(new Counting(node.layer().name(), node.inputs().get(0)));
      }
      for (int i = 0; i < node.inputs().size() && node.layer().keepsTime(); i++) {
        Graph.Ref first = graph.timeOrigin(new Graph.Ref(n, 0));
        Graph.Ref input = node.inputs().get(i);
        Graph.Ref other = node.layer().repeats(graph.shape(input), node.outputs().get(0)) ? null : graph.timeOrigin(input);
        if (first != null && other != null && !first.equals(other)) {
          meetings.add(new Meeting(node.layer().label(), first.node(), other.node()));
        }
      }
    }
  }

  /** Whether nothing is ever refused. */
  boolean none() {
    return lookups.isEmpty() && meetings.isEmpty();
  }

  /**
   * Refuses inputs.
   *
   * @param counts what is told the inputs' lengths
   * @throws RillException if an id is out of range or NaN
   * @throws ShapeException if lengths differ, or a sequence is too short for a layer
   */
  void check(TensorView[] inputs, int rows, StepCounts counts) {
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int l = 0; l < lookups.size(); l++) {
      Lookup lookup = lookups.get(l);
      TensorView ids = inputs[lookup.input];
      for (int row = 0; row < rows; row++) {
        for (int step = 0; step < ids.steps; step++) {
          float id = ids.data[ids.at + row * ids.stride + step * ids.stepStride];
          // The comparison is also false for NaN.
          if (!(id > -1 && id < lookup.ids)) {
            throw new RillException("layer " + lookup.layer.label() + ": expected ids from 0 to " + (lookup.ids - 1) + ", got "
                + id);
          }
        }
      }
    }
    counts.count(inputs);
    for (int m = 0; m < meetings.size(); m++) {
      Meeting meeting = meetings.get(m);
      if (counts.of(meeting.first) != counts.of(meeting.other)) {
        throw new ShapeException("layer " + meeting.layer + " joins sequences of " + counts.of(meeting.first) + " and "
            + counts.of(meeting.other) + " time steps: expected equally many");
      }
    }
  }

  /**
   * Refuses reset flags that are not one for each step of each row, as every layer with a state counts its steps.
   *
   * @param counts the inputs' lengths, counted
   * @throws ShapeException if a layer reads another number of steps, by its name
   */
  void check(StepCounts counts, int rows, boolean[] resets) {
    for (int c = 0; resets != null && c < counting.size(); c++) {
      Counting layer = counting.get(c);
      int read = counts.at(layer.input);
      if (resets.length != (long) rows * read) {
        throw new ShapeException("layer " + layer.layer + " reads " + read + " steps of " + rows + " rows: expected "
            + (long) rows * read + " reset flags, one for each, got " + resets.length);
      }
    }
  }
}
