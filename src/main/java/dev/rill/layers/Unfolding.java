package dev.rill.layers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A structure in which layers that are made of others give way to them. */
final class Unfolding {
  private final String name;
  private final List<Symbol> inputs;
  private final List<Symbol> outputs;
  private final OutputNames outputNames;
  private final List<Symbol.Call> calls;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Graph.Node> nodes = new ArrayList<>();
  private final Map<Symbol.Call, Integer> index = new HashMap<>();
  /** Layers by their paths, from layers as they were applied. */
  private final Map<Layer, Layer> pathed = new IdentityHashMap<>();
  /** Paths of layers that are made of others. */
  private final Map<Layer, String> paths = new IdentityHashMap<>();
  /** Layers, as they were applied, that are made of others wherever they are applied. */
  private final Set<Layer> composite = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Layer, Integer> applications = new IdentityHashMap<>();
  private final Set<String> frozen = new HashSet<>();

  /**
   * Prepares the structure of a model.
   *
   * @param named layers as they were applied, to those with their names
   * @param calls applications in running order
   * @param listed layers as they were applied, in Keras' order
   */
  Unfolding(String name, Map<Layer, Layer> named, List<Symbol.Call> calls, List<Layer> listed, List<Symbol> inputs,
      List<Symbol> outputs, OutputNames outputNames) {
    this.name = name;
    this.calls = calls;
    this.inputs = parts(inputs);
    this.outputs = parts(outputs);
    this.outputNames = outputNames;
    if (needed()) {
      for (Symbol.Call call : calls) {
        find(call);
      }
      for (Layer layer : listed) {
        list(layer, named.get(layer), false);
      }
    }
  }

  /** Whether there is a layer that is made of others. */
  boolean needed() {
    for (Symbol.Call call : calls) {
      if (!call.parts().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void find(Symbol.Call call) {
    if (!call.parts().isEmpty()) {
      composite.add(call.layer());
      for (Symbol.Call part : within(call)) {
        find(part);
      }
    }
  }

  /** Lists a layer, or those that it is made of, under their paths. */
  private void list(Layer layer, Layer own, boolean within) {
    boolean still = within || !own.trainable();
    if (!composite.contains(layer)) {
      if (pathed.put(layer, own) == null) {
        layers.add(own);
        if (still) {
          frozen.add(own.name());
        }
      }
      return;
    }
    paths.put(layer, own.name());
    for (Layer part : own.wrapped()) {
      list(part, part.at(own.name() + "/" + part.name()), still);
    }
  }

  Graph graph() {
    for (Symbol.Call call : calls) {
      add(call, "");
    }
    return new Graph(name, layers, nodes, index, inputs, outputs, outputNames, frozen);
  }

  private void add(Symbol.Call call, String path) {
    if (call.parts().isEmpty()) {
      if (!pathed.containsKey(call.layer())) {
        // A layer that only joins the others is listed nowhere.
        Layer own = call.layer().at(path + "/" + call.layer().name());
        pathed.put(call.layer(), own);
        layers.add(own);
      }
      index.put(call, nodes.size());
      List<Graph.Ref> read = refs(call.inputs());
      // What layers outside hand on is, inside, the mask of the part that gives it.
      Mask first = read.isEmpty() || read.get(0).output() > 0 ? null : nodes.get(read.get(0).node()).mask();
      boolean handsOn = !read.isEmpty() && call.mask() != null && call.mask() == call.inputs().get(0).mask();
      int application = applications.getOrDefault(call.layer(), 0);
      applications.put(call.layer(), application + 1);
      nodes.add(new Graph.Node(pathed.get(call.layer()), application, read, refs(call.initialState()),
          call.appliedMask() == null ? List.of() : Collections.singletonList(first), call.outputs(),
          handsOn ? first : call.mask()));
      return;
    }
    for (Symbol.Call part : within(call)) {
      add(part, paths.get(call.layer()));
    }
  }

  /** The applications within one, in the order in which they were made: each behind what it reads. */
  private List<Symbol.Call> within(Symbol.Call call) {
    Set<Symbol.Call> seen = new HashSet<>();
    Deque<Symbol> left = new ArrayDeque<>(call.parts());
    Set<Symbol.Call> outside = new HashSet<>();
    for (Symbol symbol : call.inputs()) {
      outside.add(symbol.producer());
    }
    for (Symbol symbol : call.initialState()) {
      outside.add(symbol.producer());
    }
    while (!left.isEmpty()) {
      Symbol.Call found = left.pop().producer();
      if (!outside.contains(found) && seen.add(found)) {
        left.addAll(found.inputs());
        left.addAll(found.initialState());
      }
    }
    List<Symbol.Call> made = new ArrayList<>(seen);
    made.sort(new Comparator<>() {
      @Override
      public int compare(Symbol.Call a, Symbol.Call b) {
        return Long.compare(a.made(), b.made());
      }
    });
    return made;
  }

  private List<Graph.Ref> refs(List<Symbol> symbols) {
    List<Graph.Ref> refs = new ArrayList<>();
    for (Symbol symbol : parts(symbols)) {
      refs.add(new Graph.Ref(index.get(symbol.producer()), symbol.output()));
    }
    return refs;
  }

  /** The symbols as layers that run themselves give them. */
  private static List<Symbol> parts(List<Symbol> symbols) {
    List<Symbol> parts = new ArrayList<>();
    for (Symbol symbol : symbols) {
      Symbol part = symbol;
      while (!part.producer().parts().isEmpty()) {
        part = part.producer().parts().get(part.output());
      }
      parts.add(part);
    }
    return parts;
  }
}
