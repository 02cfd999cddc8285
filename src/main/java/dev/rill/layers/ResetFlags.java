package dev.rill.layers;

import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** The reset flags of a batch, held against the sequences that recurrent layers read. */
public final class ResetFlags {
  private ResetFlags() {}

  /**
   * Refuses flags that are not one for each step of each row, as every recurrent layer counts its steps; nothing changes.
   *
   * @param graph the structure
   * @param x one tensor an input, checked
   * @param resets flags, or null for none
   * @throws ShapeException if a layer reads another number of steps, by its name
   */
  public static void check(Graph graph, List<Tensor> x, boolean[] resets) {
    if (resets == null) {
      return;
    }
    int rows = x.get(0).shape().axis(0);
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int i = 0; i < graph.nodes().size(); i++) {
      Graph.Node node = graph.nodes().get(i);
      if (node.layer() instanceof Recurrent) {
        Graph.Ref read = node.inputs().get(0);
        int source = graph.timeSource(read);
        int steps = (source < 0 ? graph.shape(read) : x.get(source).shape()).axis(1);
        if (resets.length != (long) rows * steps) {
          throw new ShapeException("layer " + node.layer().name() + " reads " + steps + " steps of " + rows + " rows: expected "
              + (long) rows * steps + " reset flags, one for each, got " + resets.length);
        }
      }
    }
  }
}
