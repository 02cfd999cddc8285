package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A sequential model of Keras 1, or early ones of Keras 2, that begins with several others: its first layer, a {@code Merge}, holds the
 * sequential models whose outputs it joins. Their layers become those of one functional model; a layer that stands in two of them is one.
 */
final class JoinedModels {
  private static final String MODELS = "layers";

  private final LayerReader layers;
  private final Map<String, Layer> known = new HashMap<>();
  /** The input in front of each first layer, by the layer's name. */
  private final Map<String, Symbol> inputs = new HashMap<>();
  private final List<Symbol> inOrder = new ArrayList<>();
  private final Repetitions repetitions = new Repetitions();

  private JoinedModels(LayerReader layers) {
    this.layers = layers;
  }

  /** Whether the layers of a sequential model begin with such models. */
  static boolean isIn(JsonArray list) {
    return list.size() > 0 && isJoin(list.object(0));
  }

  private static boolean isJoin(JsonObject entry) {
    return entry.string("class_name").equals("Merge") && entry.object("config").has(MODELS);
  }

  /** The model as a functional one of this name. */
  static Graph read(LayerReader layers, String name, JsonObject model) {
    JoinedModels joined = new JoinedModels(layers);
    Symbol output = joined.output(model);
    return Graph.functional(name, joined.inOrder, List.of(output));
  }

  /** The layers of a sequential model, whose configuration was a bare list before Keras 2.2.3. */
  static JsonArray list(JsonObject model) {
    return model.get("config") instanceof JsonArray ? model.array("config") : model.object("config").array(MODELS);
  }

  private Symbol output(JsonObject model) {
    JsonArray list = list(model);
    Symbol last = null;
    for (int i = 0; i < list.size(); i++) {
      JsonObject entry = list.object(i);
      if (i == 0 && isJoin(entry)) {
        last = joined(entry);
        continue;
      }
      Layer layer = layer(entry);
      if (i == 0) {
        last = input(layer, entry, model);
      }
      if (!layer.isInput()) {
        last = layer.call(last).get(0);
      }
    }
    if (last == null) {
      throw new FormatException(list.place() + ": the model has no layers");
    }
    return last;
  }

  private Symbol joined(JsonObject entry) {
    JsonArray models = entry.object("config").array(MODELS);
    List<Symbol> outputs = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      JsonObject model = models.object(i);
      if (!model.string("class_name").equals("Sequential")) {
        throw new UnsupportedException(model.place() + ": a Merge of a model of class " + model.string("class_name")
            + " is not supported here; supported is Sequential");
      }
      outputs.add(output(model));
    }
    Layer merge = layer(entry.with("config", entry.object("config").without(MODELS)));
    return merge.call(outputs, List.of(), true).get(0);
  }

  private Layer layer(JsonObject entry) {
    String name = entry.object("config").string("name");
    Layer layer = known.get(name);
    if (layer == null) {
      layer = layers.read(entry);
      known.put(name, layer);
    } else {
      repetitions.add(layer, 2, entry.place());
    }
    return layer;
  }

  private Symbol input(Layer first, JsonObject entry, JsonObject model) {
    Symbol input = inputs.get(first.name());
    if (input == null) {
      input = first.isInput() ? first.call(List.of(), List.of(), true).get(0) : layers.input(first, entry, model).symbol();
      inputs.put(first.name(), input);
      inOrder.add(input);
    }
    return input;
  }
}
