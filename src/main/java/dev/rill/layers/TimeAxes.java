package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.List;

/** Where the time axes of a structure come from, and how long they are. */
final class TimeAxes {
  private final Graph graph;
  /** For each node the number of the input that it is, or −1. */
  private final int[] inputOf;
  /** For each node what the steps it runs come from. */
  private final Graph.Ref[] origins;
  /** For each node the node that gives it its steps. */
  private final int[] given;

  TimeAxes(Graph graph) {
    this.graph = graph;
    List<Graph.Node> nodes = graph.nodes();
    inputOf = new int[nodes.size()];
    origins = new Graph.Ref[nodes.size()];
    given = new int[nodes.size()];
    for (int n = 0; n < origins.length; n++) {
      Graph.Node node = nodes.get(n);
      inputOf[n] = node.inputs().isEmpty() ? graph.inputs().indexOf(new Graph.Ref(n, 0)) : -1;
      given[n] = node.inputs().isEmpty() ? -1 : node.inputs().get(node.layer().timeInput(graph.shapes(node.inputs()))).node();
      boolean makesTime = node.inputs().isEmpty() || !node.layer().keepsTime();
      origins[n] = makesTime ? new Graph.Ref(n, 0) : origins[given[n]];
    }
  }

  Graph.Ref origin(int node) {
    return origins[node];
  }

  /** Room for the steps of what each node reads. */
  int[][] reads() {
    int[][] reads = new int[origins.length][];
    for (int n = 0; n < reads.length; n++) {
      reads[n] = new int[graph.nodes().get(n).inputs().size()];
    }
    return reads;
  }

  /** The steps of each node, given those of each input, and those of what it reads. */
  void steps(int[] inputSteps, int[] steps, int[][] reads) {
    for (int n = 0; n < steps.length; n++) {
      Graph.Node node = graph.nodes().get(n);
      if (inputOf[n] >= 0) {
        steps[n] = inputSteps[inputOf[n]];
      } else if (node.layer().keepsTime()) {
        steps[n] = steps[given[n]];
      } else {
        int[] read = reads[n];
        if (read == null || read.length != node.inputs().size()) {
          throw new ShapeException("room for what node " + n + " reads: expected " + node.inputs().size()
              + " numbers; reads() makes it");
        }
        for (int i = 0; i < read.length; i++) {
          Graph.Ref input = node.inputs().get(i);
          read[i] = graph.sequence(input) ? steps[input.node()] : 1;
        }
        // What rearranges numbers knows its steps from shapes alone.
        int fixed = graph.sequence(origins[n]) ? node.outputs().get(0).axis(1) : 1;
        steps[n] = fixed == Shape.UNKNOWN ? node.layer().steps(read) : fixed;
      }
    }
  }
}
