package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonBool;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One application of a layer in a functional configuration.
 *
 * @param sources what it reads: the input, then initial states; or several inputs
 * @param masks the masks that are handed to it, for each input or the only one; null for none, empty if nothing is said of them
 * @param automatic whether it applies its input's mask although none is handed to it: before Keras 3
 */
record CallReader(List<Source> sources, List<Source> masks, boolean automatic) {
  /**
   * An output of an application of a layer.
   *
   * @param layer name of the layer
   * @param node which application
   * @param output which of its outputs
   * @param place where the file says so
   */
  record Source(String layer, int node, int output, String place) {
    static Source read(JsonArray array) {
      return new Source(array.string(0), array.integer(1), array.integer(2), array.place());
    }

    boolean in(Map<String, List<List<Symbol>>> made) {
      if (!made.containsKey(layer)) {
        throw new FormatException(place + ": there is no layer " + layer);
      }
      return node < made.get(layer).size();
    }

    Symbol find(Map<String, List<List<Symbol>>> made) {
      if (node < 0 || !in(made) || output < 0 || output >= made.get(layer).get(node).size()) {
        throw new FormatException(place + ": layer " + layer + " has no output " + output + " of application " + node);
      }
      return made.get(layer).get(node).get(output);
    }
  }

  static CallReader read(JsonArray calls, int index) {
    List<Source> sources = new ArrayList<>();
    List<Source> masks = new ArrayList<>();
    JsonValue call = calls.get(index);
    if (call instanceof JsonObject modern) {
      JsonArray args = modern.array("args");
      for (int i = 0; i < args.size(); i++) {
        collect(args.get(i), args.place(i), sources);
      }
      JsonObject keywords = modern.object("kwargs");
      for (String name : keywords.names()) {
        keyword(keywords, name, sources, masks);
      }
    } else {
      // Keras 2: a list of [layer, node, output, keywords].
      JsonArray inputs = calls.array(index);
      for (int i = 0; i < inputs.size(); i++) {
        JsonArray input = inputs.array(i);
        sources.add(Source.read(input));
        if (input.size() > 3) {
          JsonObject keywords = input.object(3);
          for (String name : keywords.names()) {
            keyword(keywords, name, sources, masks);
          }
        }
      }
    }
    if (sources.isEmpty()) {
      throw new FormatException(calls.place(index) + ": the layer is applied to nothing");
    }
    if (masks.size() > Math.max(1, sources.size())) {
      throw new FormatException(calls.place(index) + ": the layer is handed " + masks.size() + " masks");
    }
    return new CallReader(sources, masks, !(call instanceof JsonObject));
  }

  private static void keyword(JsonObject keywords, String name, List<Source> sources, List<Source> masks) {
    if (name.equals("initial_state")) {
      collect(keywords.get(name), keywords.place(name), sources);
    } else if (name.equals("mask")) {
      masks(keywords.get(name), keywords.place(name), masks);
    } else if (!(keywords.get(name) instanceof JsonNull) && !(name.equals("training") && keywords.get(name) instanceof JsonBool)) {
      throw new UnsupportedException(keywords.place(name) + ": the argument " + name + " of a layer's application is not "
          + "supported; supported are initial_state, mask, and training without a tensor");
    }
  }

  /** One mask, or a list with one or null for each input. */
  private static void masks(JsonValue value, String place, List<Source> masks) {
    boolean list = value instanceof JsonArray array && array.size() > 0 && !(array.get(0) instanceof JsonString);
    for (int i = 0; i < (list ? ((JsonArray) value).size() : 1); i++) {
      List<Source> one = new ArrayList<>();
      collect(list ? ((JsonArray) value).get(i) : value, place, one);
      if (one.size() > 1) {
        throw new FormatException(place + ": expected one mask an input, found " + one.size());
      }
      masks.add(one.isEmpty() ? null : one.get(0));
    }
  }

  static void collect(JsonValue value, String place, List<Source> sources) {
    if (value instanceof JsonNull) {
      return;
    }
    if (value instanceof JsonArray array) {
      if (array.size() > 0 && array.get(0) instanceof JsonString) {
        sources.add(Source.read(array));
        return;
      }
      for (int i = 0; i < array.size(); i++) {
        collect(array.get(i), array.place(i), sources);
      }
      return;
    }
    if (value instanceof JsonObject tensor && tensor.string("class_name").equals("__keras_tensor__")) {
      sources.add(Source.read(tensor.object("config").array("keras_history")));
      return;
    }
    throw new UnsupportedException(place + ": expected a tensor of the model, found " + value.describe());
  }
}
