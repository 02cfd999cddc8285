package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's configuration to a {@link Graph}: sequential and functional models of Keras 3, and of Keras 2 where they agree. */
final class ModelReader {
  /** More layers than any model has; ordering them takes quadratic time in the worst case. */
  private static final int MAX_LAYERS = 10_000;

  private final LayerReader layers;

  private ModelReader(String kerasVersion) {
    layers = new LayerReader(kerasVersion);
  }

  /** Reads the configuration of a whole model. */
  static Graph read(JsonObject model, String kerasVersion) {
    try {
      return graph(model, kerasVersion);
    } catch (FormatException | UnsupportedException e) {
      throw e;
    } catch (RillException e) {
      // What the layers themselves refuse when they are put together.
      throw new FormatException(model.place() + ": " + e.getMessage());
    }
  }

  private static Graph graph(JsonObject model, String kerasVersion) {
    ModelReader reader = new ModelReader(kerasVersion);
    String type = model.string("class_name");
    switch (type) {
      case "Sequential":
        return reader.sequential(model);
      case "Functional":
      case "Model":
        return reader.functional(model.object("config"));
      default:
        throw new UnsupportedException(model.place("class_name") + ": a model of class " + type
            + " is not supported; supported are Sequential and Functional");
    }
  }

  private Graph sequential(JsonObject model) {
    JsonObject config = model.object("config");
    JsonArray list = layers(config);
    List<Layer> chain = new ArrayList<>();
    Symbol input = null;
    for (int i = 0; i < list.size(); i++) {
      JsonObject entry = list.object(i);
      Layer layer = layers.read(entry);
      if (i == 0) {
        input = layer.isInput() ? start(layer).get(0) : layers.input(entry, model).symbol();
      }
      if (!layer.isInput()) {
        chain.add(layer);
      } else if (i > 0) {
        throw new FormatException(entry.place() + ": an input layer in the middle of a sequential model");
      }
    }
    if (input == null) {
      throw new FormatException(config.place("layers") + ": the model has no layers");
    }
    return Graph.sequential(config.string("name", "sequential"), input, chain);
  }

  /** What a model starts with at an input layer, which reads nothing. */
  private static List<Symbol> start(Layer input) {
    return input.call(List.of(), List.of(), true);
  }

  private static JsonArray layers(JsonObject config) {
    JsonArray list = config.array("layers");
    if (list.size() > MAX_LAYERS) {
      throw new UnsupportedException(config.place("layers") + ": " + list.size() + " layers; at most " + MAX_LAYERS
          + " are supported");
    }
    return list;
  }

  /** A layer and the applications of it that are still to be made. */
  private static final class Pending {
    final JsonObject entry;
    final Layer layer;
    final JsonArray calls;
    int next;

    Pending(JsonObject entry, Layer layer) {
      this.entry = entry;
      this.layer = layer;
      calls = entry.array("inbound_nodes");
    }
  }

  private Graph functional(JsonObject config) {
    JsonArray list = layers(config);
    Map<String, List<List<Symbol>>> made = new HashMap<>();
    MaskReader masks = new MaskReader(made);
    Map<String, Pending> waiting = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      JsonObject entry = list.object(i);
      if (masks.take(entry)) {
        continue;
      }
      Layer layer = layers.read(entry);
      String name = entry.string("name", layer.name());
      if (!name.equals(layer.name())) {
        throw new FormatException(entry.place("name") + ": the layer is called " + name + " here and " + layer.name()
            + " in its configuration");
      }
      if (made.put(name, new ArrayList<>()) != null) {
        throw new FormatException(entry.place("name") + ": two layers are called " + name);
      }
      if (layer.isInput()) {
        made.get(name).add(start(layer));
      } else {
        waiting.put(name, new Pending(entry, layer));
      }
    }
    // Layers stand in an order in which most inputs exist already; shared layers may need another round.
    while (!waiting.isEmpty()) {
      boolean moved = false;
      for (Iterator<Pending> each = waiting.values().iterator(); each.hasNext(); ) {
        Pending pending = each.next();
        int before = pending.next;
        if (advance(pending, made, masks)) {
          each.remove();
          moved = true;
        }
        moved |= pending.next > before;
      }
      if (!moved) {
        throw new FormatException(config.place("layers") + ": the layers " + waiting.keySet()
            + " read from each other or from nothing");
      }
    }
    List<Symbol> inputs = symbols(config, "input_layers", made);
    List<Symbol> outputs = symbols(config, "output_layers", made);
    return Graph.functional(config.string("name", "functional"), inputs, outputs);
  }

  /** Makes as many of a layer's applications as can be made; true if all are made. */
  private static boolean advance(Pending pending, Map<String, List<List<Symbol>>> made, MaskReader masks) {
    for (; pending.next < pending.calls.size(); pending.next++) {
      CallReader call = CallReader.read(pending.calls, pending.next);
      List<Symbol> symbols = new ArrayList<>();
      for (CallReader.Source source : call.sources()) {
        masks.refuse(source);
        if (!source.in(made)) {
          return false;
        }
        symbols.add(source.find(made));
      }
      int inputs = pending.layer.readsList() ? symbols.size() : 1;
      made.get(pending.layer.name()).add(pending.layer.call(symbols.subList(0, inputs), symbols.subList(inputs, symbols.size()),
          masks.applied(call, symbols.get(0))));
    }
    return true;
  }

  /** {@code ["name", 0, 0]} for one, a list of such for several. */
  private static List<Symbol> symbols(JsonObject config, String name, Map<String, List<List<Symbol>>> made) {
    JsonValue value = config.get(name);
    if (!(value instanceof JsonArray array) || array.size() == 0) {
      throw new UnsupportedException(config.place(name) + ": expected a layer or a list of layers, found " + value.describe());
    }
    if (array.get(0) instanceof JsonString) {
      return List.of(CallReader.Source.read(array).find(made));
    }
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      symbols.add(CallReader.Source.read(array.array(i)).find(made));
    }
    return symbols;
  }
}
