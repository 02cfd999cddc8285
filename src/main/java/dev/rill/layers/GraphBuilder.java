package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the structure that leads from some symbols to others: layers named, in Keras' order, and nodes in running order. */
final class GraphBuilder {
  private GraphBuilder() {}

  static Graph build(String name, boolean sequential, List<Symbol> inputs, List<Symbol> outputs) {
    LayerName.check(name);
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new RillException("a model needs at least one input and one output");
    }
    TopologicalOrder walk = new TopologicalOrder();
    Set<Symbol.Call> listed = new HashSet<>();
    for (Symbol input : inputs) {
      listed.add(input.producer());
    }
    for (Symbol output : outputs) {
      walk.visit(output.producer());
    }
    List<Symbol.Call> calls = walk.calls();
    for (Symbol.Call call : calls) {
      if (call.layer().isInput() && !listed.contains(call)) {
        throw new RillException("an output depends on the input " + call.layer().label() + ", which the model does not list");
      }
    }
    // Inputs that nothing reads belong to the model all the same.
    for (Symbol input : inputs) {
      walk.visit(input.producer());
    }
    Map<Step, Integer> depths = walk.depths();
    List<Object> sorted = sequential ? walk.inOrder() : walk.byDepth(depths);
    List<Layer> applied = Graph.layers(sorted);
    Map<Layer, Layer> named = LayerNames.give(applied);
    Map<Symbol.Call, Integer> index = new HashMap<>();
    Map<Symbol.Call, Integer> applications = walk.applications();
    List<Graph.Node> nodes = new ArrayList<>();
    List<Symbol.Call> running = TopologicalOrder.running(depths);
    for (Symbol.Call call : running) {
      index.put(call, nodes.size());
      for (Shape output : call.outputs()) {
        SizeLimits.check(named.get(call.layer()), output);
      }
      nodes.add(new Graph.Node(named.get(call.layer()), applications.get(call), Graph.refs(call.inputs(), index),
          Graph.refs(call.initialState(), index), call.appliedMask(), call.outputs(), call.mask()));
    }
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i) instanceof Layer layer) {
        sorted.set(i, named.get(layer));
      }
    }
    Unfolding unfolding = new Unfolding(name, named, running, applied, inputs, outputs);
    return new Graph(name, sequential, sorted, nodes, index, inputs, outputs, Set.of(), unfolding.needed() ? unfolding : null);
  }
}
