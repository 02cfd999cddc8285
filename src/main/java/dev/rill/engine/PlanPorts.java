package dev.rill.engine;

import dev.rill.layers.Graph;
import dev.rill.tensor.Require;
import java.util.List;

/** The inputs of a plan, or its outputs: which signals they are, and what is in them. */
final class PlanPorts {
  private final String what;
  final int[] signals;
  /** Features: sizes of last axes, 1 for ids. */
  final int[] widths;
  final boolean[] sequences;
  /** Whether embeddings read them. */
  final boolean[] ids;

  PlanPorts(String what, Graph graph, List<Graph.Ref> refs, int[] firstSignal) {
    this.what = what;
    signals = signals(firstSignal, refs);
    widths = new int[signals.length];
    sequences = new boolean[signals.length];
    ids = new boolean[signals.length];
    for (int i = 0; i < signals.length; i++) {
      widths[i] = graph.width(refs.get(i));
      sequences[i] = graph.sequence(refs.get(i));
      ids[i] = graph.ids(refs.get(i));
    }
  }

  /** Returns an index, or refuses it. */
  int checked(int index) {
    return Require.index(index, signals.length, what);
  }

  /** The first signal of each node, and how many there are in all. */
  static int[] firstSignals(Graph graph) {
    int[] first = new int[graph.nodes().size() + 1];
    for (int n = 0; n < graph.nodes().size(); n++) {
      first[n + 1] = first[n] + graph.nodes().get(n).outputs().size();
    }
    return first;
  }

  /** Signals of results, given the first of each node. */
  static int[] signals(int[] firstSignal, List<Graph.Ref> refs) {
    int[] signals = new int[refs.size()];
    for (int i = 0; i < signals.length; i++) {
      signals[i] = firstSignal[refs.get(i).node()] + refs.get(i).output();
    }
    return signals;
  }
}
