package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a model asks of its inputs beyond their shapes: ids that an embedding has, and sequences that meet of one length. */
final class InputChecks {
  private record Lookup(Embedding layer, int input) {}

  /**
   * Two sequences that must be of equal length.
   *
   * @param layer what joins them
   * @param first the input that one has its time axis from, or minus its fixed number of steps
   * @param other the same of the other
   */
  private record Meeting(String layer, int first, int other) {}

  private final List<Lookup> lookups = new ArrayList<>();
  private final List<Meeting> meetings = new ArrayList<>();

  InputChecks(Graph graph) {
    Map<Graph.Ref, Integer> entries = new HashMap<>();
    for (int i = graph.inputs().size() - 1; i >= 0; i--) {
      entries.put(graph.inputs().get(i), i);
    }
    for (Graph.Node node : graph.nodes()) {
      if (node.layer() instanceof Embedding embedding) {
        lookups.add(new Lookup(embedding, entries.get(node.inputs().get(0))));
      }
      for (int i = 1; i < node.inputs().size() && graph.running(node.inputs().get(i)).rank() == 3; i++) {
        Meeting meeting = new Meeting(node.layer().label(), time(graph, node.inputs().get(0)), time(graph, node.inputs().get(i)));
        if (meeting.first != meeting.other) {
          meetings.add(meeting);
        }
      }
    }
  }

  private static int time(Graph graph, Graph.Ref ref) {
    int source = graph.timeSource(ref);
    return source < 0 ? -graph.shape(ref).axis(1) : source;
  }

  /** Whether nothing is ever refused. */
  boolean none() {
    return lookups.isEmpty() && meetings.isEmpty();
  }

  /**
   * Refuses inputs.
   *
   * @throws RillException if an id is out of range or NaN
   * @throws ShapeException if lengths differ
   */
  void check(TensorView[] inputs, int rows) {
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int l = 0; l < lookups.size(); l++) {
      TensorView ids = inputs[lookups.get(l).input];
      for (int row = 0; row < rows; row++) {
        for (int step = 0; step < ids.steps; step++) {
          lookups.get(l).layer.row(ids.data[ids.at + row * ids.stride + step * ids.stepStride]);
        }
      }
    }
    for (int m = 0; m < meetings.size(); m++) {
      Meeting meeting = meetings.get(m);
      int steps = steps(inputs, meeting.first);
      int other = steps(inputs, meeting.other);
      if (steps != other) {
        throw new ShapeException("layer " + meeting.layer + " joins sequences of " + steps + " and " + other
            + " time steps: expected equally many");
      }
    }
  }

  private static int steps(TensorView[] inputs, int time) {
    return time < 0 ? -time : inputs[time].steps;
  }
}
