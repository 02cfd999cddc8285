package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Layer;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Descriptions of layers to their entries, through the codec of each class, and what all entries have in common. */
final class LayerWriter {
  /** How numbers are computed: repeated at every layer, as Keras does. */
  static final JsonObject FLOAT32 = entry("keras", "DTypePolicy", JsonObject.EMPTY.with("name", "float32"));

  private LayerWriter() {}

  /**
   * The entry of a layer.
   *
   * @param layer named
   * @param inputs shapes of what it reads
   * @param initialState shapes of what replaces its own state, mostly none
   */
  static JsonObject write(Layer layer, List<Shape> inputs, List<Shape> initialState) {
    return LayerCodecs.of(layer).entry(layer, inputs, initialState);
  }

  /** What every configuration begins with. */
  static JsonObject common(Layer layer) {
    JsonObject common = JsonObject.EMPTY.with("name", layer.name()).with("trainable", layer.trainable())
        .with("dtype", FLOAT32);
    return layer.activityRegularizer() == null ? common
        : common.with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()));
  }

  /** Keras' form of an object: where its class is, and what makes it. */
  static JsonObject entry(String module, String type, JsonObject config) {
    return JsonObject.EMPTY.with("module", module).with("class_name", type).with("config", config)
        .withNull("registered_name");
  }

  /** Sizes, null where they are not known. */
  static JsonArray shape(Shape shape) {
    List<JsonValue> sizes = new ArrayList<>();
    for (int size : shape.toArray()) {
      sizes.add(size == Shape.UNKNOWN ? new JsonNull() : JsonNumber.of(size));
    }
    return JsonArray.of(sizes);
  }

  /** Integers, such as one for each axis. */
  static JsonArray integers(int... values) {
    List<JsonValue> all = new ArrayList<>();
    for (int value : values) {
      all.add(JsonNumber.of(value));
    }
    return JsonArray.of(all);
  }

  /** A list of shapes. */
  static JsonArray shapes(List<Shape> shapes) {
    List<JsonValue> all = new ArrayList<>();
    for (Shape shape : shapes) {
      all.add(shape(shape));
    }
    return JsonArray.of(all);
  }
}
