package dev.rill.engine;

import dev.rill.engine.ops.TensorView;
import dev.rill.layers.Graph;
import dev.rill.tensor.ShapeException;

/**
 * How many steps each node of a graph runs, counted anew only where the inputs have other lengths than at the last call. One
 * thread at a time.
 */
final class StepCounts {
  private final Graph graph;
  private final int[] inputs;
  private final int[] steps;
  private final int[][] reads;
  private int longest;
  private boolean counted;

  StepCounts(Graph graph) {
    this.graph = graph;
    inputs = new int[graph.inputs().size()];
    steps = new int[graph.nodes().size()];
    reads = graph.reads();
  }

  /**
   * Counts the steps of a call.
   *
   * @throws ShapeException if a sequence is too short for a layer, by its name
   */
  void count(TensorView[] given) {
    boolean same = counted;
    for (int i = 0; i < inputs.length; i++) {
      same &= inputs[i] == given[i].steps;
      inputs[i] = given[i].steps;
    }
    if (same) {
      return;
    }
    counted = false;
    graph.steps(inputs, steps, reads);
    longest = 1;
    for (int count : steps) {
      longest = Math.max(longest, count);
    }
    counted = true;
  }

  /** Steps of the longest sequence. */
  int longest() {
    return longest;
  }

  /** Steps that a node runs. */
  int of(int node) {
    return steps[node];
  }

  /** Steps at some point, 1 where there is no time axis. */
  int at(Graph.Ref ref) {
    return graph.sequence(ref) ? steps[ref.node()] : 1;
  }
}
