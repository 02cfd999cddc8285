package dev.rill.engine;

import dev.rill.layers.Graph;
import java.util.List;

/** The inputs of a plan, or its outputs: which signals they are, and what is in them. */
final class PlanPorts {
  final int[] signals;
  /** Features: sizes of last axes, 1 for ids. */
  final int[] widths;
  final boolean[] sequences;
  /** Whether embeddings read them. */
  final boolean[] ids;

  PlanPorts(Graph graph, List<Graph.Ref> refs, int[] firstSignal) {
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

  /** Signals of results, given the first of each node. */
  static int[] signals(int[] firstSignal, List<Graph.Ref> refs) {
    int[] signals = new int[refs.size()];
    for (int i = 0; i < signals.length; i++) {
      signals[i] = firstSignal[refs.get(i).node()] + refs.get(i).output();
    }
    return signals;
  }
}
