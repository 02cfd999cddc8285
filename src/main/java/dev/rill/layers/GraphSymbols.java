package dev.rill.layers;

import java.util.ArrayList;
import java.util.List;

/** The layers of a structure applied anew, to other inputs. */
final class GraphSymbols {
  private GraphSymbols() {}

  /** Applied to inputs of their own; one list a node. */
  static List<List<Symbol>> of(Graph graph) {
    List<Symbol> inputs = new ArrayList<>();
    for (Graph.Ref ref : graph.inputs()) {
      inputs.add(((InputLayer) graph.nodes().get(ref.node()).layer()).symbol());
    }
    return of(graph, inputs);
  }

  /** Applied to some inputs; one list a node. */
  static List<List<Symbol>> of(Graph graph, List<Symbol> inputs) {
    List<List<Symbol>> made = new ArrayList<>();
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      made.add(node.inputs().isEmpty() ? List.of(inputs.get(graph.inputs().indexOf(new Graph.Ref(n, 0))))
          : node.layer().call(all(made, node.inputs()), all(made, node.initialState()),
              node.initialState().isEmpty() || node.appliedMask() != null));
    }
    return made;
  }

  /** The symbols at some points. */
  static List<Symbol> all(List<List<Symbol>> made, List<Graph.Ref> refs) {
    List<Symbol> symbols = new ArrayList<>();
    for (Graph.Ref ref : refs) {
      symbols.add(made.get(ref.node()).get(ref.output()));
    }
    return symbols;
  }
}
