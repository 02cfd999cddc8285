package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the structure that leads from some symbols to others: layers named, in Keras' order, and nodes in running order. */
final class GraphBuilder {
  private GraphBuilder() {}

  static Graph sequential(String name, Symbol input, List<? extends Layer> chain) {
    if (Require.all(chain, "the layers of a sequential model").isEmpty()) {
      throw new RillException("a sequential model needs at least one layer behind its input");
    }
    List<Symbol> last = List.of(Require.given(input, "the input of a sequential model"));
    for (Layer layer : chain) {
      if (last.size() > 1) {
        throw new RillException("layer " + layer.label() + " would read the " + last.size() + " outputs of the layer before "
            + "it; only the last layer of a sequential model may have several: use Model.of");
      }
      last = layer.call(last.get(0));
    }
    return build(name, true, List.of(input), last, null);
  }

  /** Without names of their own, outputs go by those of their layers. */
  static Graph build(String name, boolean sequential, List<Symbol> inputs, List<Symbol> outputs, OutputNames outputNames) {
    LayerName.check(Require.given(name, "the name of a model"));
    if (Require.all(inputs, "the inputs of a model").isEmpty() || Require.all(outputs, "the outputs of a model").isEmpty()) {
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
    List<Layer> applied = layers(sorted);
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
      nodes.add(new Graph.Node(named.get(call.layer()), applications.get(call), refs(call.inputs(), index),
          refs(call.initialState(), index), call.appliedMasks(), call.outputs(), call.mask()));
    }
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i) instanceof Layer layer) {
        sorted.set(i, named.get(layer));
      }
    }
    OutputNames names = outputNames == null ? OutputNames.of(outputs, named) : outputNames;
    Unfolding unfolding = new Unfolding(name, named, running, applied, inputs, outputs, names);
    return new Graph(name, sequential, sorted, nodes, index, inputs, outputs, names, Set.of(),
        unfolding.needed() ? unfolding : null);
  }

  static List<Layer> layers(List<Object> listed) {
    List<Layer> layers = new ArrayList<>();
    for (Object each : listed) {
      if (each instanceof Layer layer) {
        layers.add(layer);
      }
    }
    return List.copyOf(layers);
  }

  static List<Graph.Ref> refs(List<Symbol> symbols, Map<Symbol.Call, Integer> index) {
    List<Graph.Ref> refs = new ArrayList<>();
    for (Symbol symbol : symbols) {
      refs.add(ref(symbol, index));
    }
    return List.copyOf(refs);
  }

  static Graph.Ref ref(Symbol symbol, Map<Symbol.Call, Integer> index) {
    return new Graph.Ref(index.get(symbol.producer()), symbol.output());
  }

  /** A layer that is applied again has the weights of its first application. */
  static void checkShared(Graph graph) {
    for (Graph.Node node : graph.nodes()) {
      if (node.application() == 0) {
        continue;
      }
      List<Shape> first = graph.shapes(graph.firstNode(node.layer()).inputs());
      List<Shape> again = graph.shapes(node.inputs());
      List<Variable> has = node.layer().variables(first);
      List<Variable> needs = node.layer().variables(again);
      for (int i = 0; i < has.size(); i++) {
        if (!has.get(i).shape().equals(needs.get(i).shape())) {
          throw new ShapeException("layer " + node.layer().label() + " is applied to " + first + " and to " + again + ": it would need "
              + has.get(i).name() + " of the shapes " + has.get(i).shape() + " and " + needs.get(i).shape()
              + ", but has one; use two layers");
        }
      }
    }
  }

  /** An input of ids is a sequence, one of features is not: none can be both. */
  static void checkIds(Graph graph) {
    Set<Graph.Ref> entries = new HashSet<>(graph.inputs());
    for (Graph.Node node : graph.nodes()) {
      for (Graph.Ref input : node.inputs()) {
        boolean embeds = node.layer().ids() > 0;
        if (embeds && !entries.contains(input)) {
          throw new UnsupportedException("layer " + node.layer().label() + " reads the output of layer " + graph.layerName(input)
              + ": an embedding reads an input of the model only");
        }
        if (!embeds && graph.ids(input)) {
          throw new UnsupportedException("layer " + node.layer().label() + " reads the input " + graph.layerName(input)
              + ", whose values are the ids of an embedding: give it an input of its own");
        }
      }
    }
    for (Graph.Ref output : graph.outputs()) {
      if (graph.ids(output)) {
        throw new UnsupportedException("the input " + graph.layerName(output) + " holds ids and cannot be an output of the model");
      }
    }
    for (Graph.Ref input : graph.inputs()) {
      if (!graph.ids(input) && graph.shape(input).axis(-1) == Shape.UNKNOWN) {
        throw new UnsupportedException("the input " + graph.layerName(input) + " has shape " + graph.shape(input)
            + ": expected a known number of features on the last axis, or an embedding that reads it as ids");
      }
    }
  }
}
