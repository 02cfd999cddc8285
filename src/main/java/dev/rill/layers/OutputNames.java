package dev.rill.layers;

import dev.rill.tensor.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model's outputs are called.
 *
 * @param names one an output
 * @param given whether they are names of their own; those of the layers otherwise
 */
record OutputNames(List<String> names, boolean given) {
  /** The names of a dict, in the order in which Keras flattens one. */
  static OutputNames given(Map<String, Symbol> outputs) {
    for (String name : Require.given(outputs, "the outputs of a model").keySet()) {
      Require.given(name, "the name of an output");
    }
    return new OutputNames(List.copyOf(new TreeMap<>(outputs).keySet()), true);
  }

  /** What a dict has under these names. */
  List<Symbol> in(Map<String, Symbol> outputs) {
    List<Symbol> symbols = new ArrayList<>();
    for (String name : names) {
      symbols.add(outputs.get(name));
    }
    return symbols;
  }

  /** The names of the layers that give some symbols. */
  static OutputNames of(List<Symbol> outputs, Map<Layer, Layer> named) {
    List<String> names = new ArrayList<>();
    for (Symbol output : outputs) {
      names.add(named.get(output.producer().layer()).name());
    }
    return new OutputNames(List.copyOf(names), false);
  }
}
