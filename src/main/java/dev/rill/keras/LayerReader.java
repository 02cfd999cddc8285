package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.layers.Graph;
import dev.rill.layers.InputLayer;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerName;
import dev.rill.layers.NestedModel;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Entries of layers to descriptions, through the codec of each class. */
final class LayerReader {
  private static final String BUILT_FOR = "build_input_shape";

  private final String kerasVersion;
  /** The name of each layer by that in the file, and how often a name was made to differ from others. */
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private boolean renamed;

  LayerReader(String kerasVersion) {
    this.kerasVersion = kerasVersion;
  }

  boolean beforeKeras3() {
    return kerasVersion.startsWith("1") || kerasVersion.startsWith("2");
  }

  String kerasVersion() {
    return kerasVersion;
  }

  /** A layer among others; a model that has no name has one by its place. */
  static JsonObject entry(JsonArray list, int index) {
    return whole(list.object(index), "sequential_" + (index + 1));
  }

  /** A sequential model as a layer in the form that it has since Keras 2.2.3: its configuration was the bare list of its layers. */
  private static JsonObject whole(JsonObject entry, String nameless) {
    return entry.get("config") instanceof JsonArray layers
        ? entry.with("config", JsonObject.EMPTY.with("name", entry.string("name", nameless)).with("layers", layers)) : entry;
  }

  /** Reads a layer, named as in its configuration. */
  Layer read(JsonObject written) {
    JsonObject entry = whole(written, "sequential");
    JsonObject options = entry.object("config");
    String type = entry.string("class_name");
    if (entry.has("registered_name") && entry.get("registered_name") instanceof JsonString own && own.value().indexOf('>') >= 0) {
      throw RefusedLayer.custom(entry.place(), options.string("name", "?"), own.value());
    }
    if (isOwn(entry)) {
      throw RefusedLayer.custom(entry.place(), options.string("name", entry.string("name", "?")), type);
    }
    if (entry.string("module", "").startsWith("keras.src.ops")) {
      throw new UnsupportedException(entry.place() + ": the operation " + options.string("name", "?") + " of class " + type
          + ", written into the graph as a function, is not supported; use the layer that does the same");
    }
    LayerCodec<?> codec = LayerCodecs.find(type);
    if (codec == null) {
      throw RefusedLayer.of(entry.place(), options.string("name", "?"), type);
    }
    LayerConfig config = new LayerConfig(this, entry);
    try {
      Layer layer = codec.read(config);
      config.refuseOthers();
      return layer.named(name(options.string("name")));
    } catch (ShapeException e) {
      throw new FormatException(options.place() + ": " + e.getMessage());
    }
  }

  /** Whether an entry is of a class that is in none of Keras' modules and was not registered: of that, Keras writes null. */
  static boolean isOwn(JsonObject entry) {
    return entry.has("module") && entry.isNull("module");
  }

  /** Keeps the names of layers that can stay as they are for those layers. */
  void keepNames(JsonArray entries) {
    for (int i = 0; i < entries.size(); i++) {
      JsonObject config = entry(entries, i).object("config");
      String name = config.string("name", "");
      if (LayerName.cleaned(name).equals(name)) {
        names.put(name, name);
        taken.add(name);
      }
    }
  }

  /**
   * The name that a layer has here. Keras before version 3 allowed slashes, and allows control characters to this day: a low line
   * stands for each, so that what is saved again can be read everywhere.
   */
  private String name(String written) {
    String name = names.get(written);
    if (name == null) {
      String cleaned = LayerName.cleaned(written);
      name = cleaned;
      // Two names may come to one; a name that stands twice in the file is not made to differ.
      while (!taken.add(name)) {
        int count = counts.getOrDefault(cleaned, 0) + 1;
        counts.put(cleaned, count);
        name = cleaned + '_' + count;
      }
      names.put(written, name);
      if (!name.equals(written) && !renamed) {
        renamed = true;
        System.getLogger("dev.rill").log(System.Logger.Level.INFO, "layers have names with slashes or control characters, which Keras "
            + "3 does not take: the first of them is called " + name + " here");
      }
    }
    return name;
  }

  /** The input of a sequential model that does not list one: from its first layer, or from what it was built for. */
  InputLayer input(Layer first, JsonObject firstLayer, JsonObject model) {
    if (LayerCodecs.isModel(first.className())) {
      Graph inside = ((NestedModel) first).graph();
      return new InputLayer(inside.shape(inside.inputs().get(0)));
    }
    JsonObject config = firstLayer.object("config");
    try {
      if (config.has("batch_input_shape")) {
        return new InputLayer(shape(config, "batch_input_shape"));
      }
      if (model.get("config") instanceof JsonObject before && before.has(BUILT_FOR) && !before.isNull(BUILT_FOR)) {
        return new InputLayer(shape(before, BUILT_FOR));
      }
      if (!model.has("build_config") || !(model.get("build_config") instanceof JsonObject built) || built.isNull("input_shape")) {
        throw new UnsupportedException(model.place() + ": the model does not say the shape of its input: put keras.Input(shape) in "
            + "front of its layers in Keras, or call the model once on data, and save it again");
      }
      return new InputLayer(shape(model.object("build_config"), "input_shape"));
    } catch (ShapeException e) {
      throw new FormatException(model.place() + ": " + e.getMessage());
    }
  }

  static Shape shape(JsonObject config, String name) {
    JsonArray axes = config.array(name);
    int[] sizes = new int[axes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = axes.isNull(i) ? Shape.UNKNOWN : axes.integer(i);
      if (!axes.isNull(i) && sizes[i] < 0) {
        throw new FormatException(axes.place(i) + ": expected a size, got " + sizes[i]);
      }
    }
    return Shape.of(sizes);
  }
}
