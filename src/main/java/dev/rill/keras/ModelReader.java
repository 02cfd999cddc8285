package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerName;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A model's configuration to a {@link Graph}: sequential and functional models of Keras 3, and of Keras 2 where they agree. */
final class ModelReader {
  /** More layers than any model has. */
  private static final int MAX_LAYERS = 10_000;

  private final LayerReader layers;

  private ModelReader(String kerasVersion) {
    layers = new LayerReader(kerasVersion);
  }

  /** Reads the configuration of a whole model. */
  static Graph read(JsonObject model, String kerasVersion) {
    String writer = " (Keras " + kerasVersion + " wrote the file)";
    try {
      return graph(model, kerasVersion);
    } catch (UnsupportedException e) {
      throw new UnsupportedException(e.getMessage() + writer);
    } catch (FormatException e) {
      if (kerasVersion.startsWith("1") || kerasVersion.startsWith("0")) {
        throw new UnsupportedException(e.getMessage() + ": options had other names before Keras 2; Keras 2.3 loads such a file and "
            + "saves it in its own form" + writer);
      }
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
    boolean bare = model.get("config") instanceof JsonArray;
    String name = bare ? "sequential" : LayerName.cleaned(model.object("config").string("name", "sequential"));
    JsonArray list = checked(JoinedModels.list(model));
    if (JoinedModels.isIn(list)) {
      return JoinedModels.read(layers, name, model);
    }
    List<Layer> chain = new ArrayList<>();
    Repetitions repetitions = new Repetitions();
    Symbol input = null;
    for (int i = 0; i < list.size(); i++) {
      JsonObject entry = LayerReader.entry(list, i);
      Layer layer = layers.read(entry);
      if (i == 0) {
        input = layer.isInput() ? start(layer).get(0) : layers.input(layer, entry, model).symbol();
      }
      // Before Keras 3 an input layer could stand among others, where it hands on what it reads.
      if (!layer.isInput()) {
        repetitions.add(layer, 1, entry.place());
        chain.add(layer);
        Layer behind = LayerAsActivation.behind(entry, layers);
        if (behind != null) {
          chain.add(behind);
        }
      }
    }
    if (input == null) {
      throw new FormatException(list.place() + ": the model has no layers");
    }
    return Graph.sequential(name, input, chain);
  }

  /** What a model starts with at an input layer, which reads nothing. */
  private static List<Symbol> start(Layer input) {
    return input.call(List.of(), List.of(), true);
  }

  private JsonArray checked(JsonArray list) {
    if (list.size() > MAX_LAYERS) {
      throw new UnsupportedException(list.place() + ": " + list.size() + " layers; at most " + MAX_LAYERS + " are supported");
    }
    layers.keepNames(list);
    return list;
  }

  private Graph functional(JsonObject config) {
    JsonArray list = checked(config.array("layers"));
    Map<String, List<List<Symbol>>> made = new HashMap<>();
    MaskReader masks = new MaskReader(made);
    Applications applications = new Applications(made, masks);
    List<List<List<Symbol>>> countThemselves = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      JsonObject entry = LayerReader.entry(list, i);
      if (masks.take(entry)) {
        continue;
      }
      Layer layer = layers.read(entry);
      String own = entry.object("config").string("name");
      String name = entry.string("name", own);
      if (!name.equals(own)) {
        throw new FormatException(entry.place("name") + ": the layer is called " + name + " here and " + own
            + " in its configuration");
      }
      if (made.put(name, new ArrayList<>()) != null) {
        throw new FormatException(entry.place("name") + ": two layers are called " + name);
      }
      if (layer.isInput()) {
        made.get(name).add(start(layer));
      } else {
        if (layers.beforeKeras3() && LayerCodecs.isModel(layer.className())) {
          // There the way from a model's own inputs to its own outputs counts as its first application.
          made.get(name).add(List.of());
        } else if (NestedModelCodec.countsItself(layer)) {
          countThemselves.add(made.get(name));
        }
        applications.add(name, layer, LayerAsActivation.behind(entry, layers), entry);
      }
    }
    applications.make(config.place("layers"));
    for (List<List<Symbol>> own : countThemselves) {
      // Number 0 is the model's own way, which nothing can read: Keras finds the last there, and so had Rill written the only one.
      own.add(0, own.isEmpty() ? List.of() : own.get(own.size() - 1));
    }
    List<Symbol> inputs = symbols(config, "input_layers", made);
    List<Symbol> outputs = symbols(config, "output_layers", made);
    String name = LayerName.cleaned(config.string("name", "functional"));
    Map<String, Symbol> named = named(config.get("output_layers"), outputs);
    return named == null ? Graph.functional(name, inputs, outputs) : Graph.functional(name, inputs, named);
  }

  /** What has been flattened, by the names of a dict; null if it was not one of single layers. */
  private static Map<String, Symbol> named(JsonValue value, List<Symbol> flattened) {
    if (!(value instanceof JsonObject dict)) {
      return null;
    }
    Map<String, Symbol> named = new HashMap<>();
    for (String name : new TreeSet<>(dict.names())) {
      if (!isOne(dict.get(name))) {
        return null;
      }
      named.put(name, flattened.get(named.size()));
    }
    return named;
  }

  private static boolean isOne(JsonValue value) {
    return value instanceof JsonArray array && array.size() > 0 && array.get(0) instanceof JsonString;
  }

  /** {@code ["name", 0, 0]} for one; a list of such for several, or a dict, which Keras flattens by its sorted names. */
  private static List<Symbol> symbols(JsonObject config, String name, Map<String, List<List<Symbol>>> made) {
    List<Symbol> symbols = new ArrayList<>();
    flatten(config.get(name), config.place(name), symbols, made);
    if (symbols.isEmpty() || symbols.size() > MAX_LAYERS) {
      throw new UnsupportedException(config.place(name) + ": expected 1 to " + MAX_LAYERS + " layers, found " + symbols.size());
    }
    return symbols;
  }

  private static void flatten(JsonValue value, String place, List<Symbol> symbols, Map<String, List<List<Symbol>>> made) {
    if (value instanceof JsonObject named) {
      for (String name : new TreeSet<>(named.names())) {
        flatten(named.get(name), named.place(name), symbols, made);
      }
    } else if (isOne(value)) {
      symbols.add(CallReader.Source.read((JsonArray) value).find(made));
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        flatten(array.get(i), array.place(i), symbols, made);
      }
    } else {
      throw new UnsupportedException(place + ": expected a layer, a list or a dict of layers, found " + value.describe());
    }
  }
}
