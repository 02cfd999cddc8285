package dev.rill.keras;

import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.UnsupportedException;

/** Activation functions as options of layers: a name, null for linear, or an object with a name. */
final class ActivationFunctionCodec {
  private ActivationFunctionCodec() {}

  /** The function of an option; the given one if the option is missing. */
  static ActivationFunction read(JsonObject config, String option, ActivationFunction absent, boolean beforeKeras3) {
    if (!config.has(option)) {
      if (beforeKeras3) {
        throw new UnsupportedException(config.place(option)
            + ": the option is missing, and its default changed during Keras 2");
      }
      return absent;
    }
    String name;
    JsonValue value = config.get(option);
    if (value instanceof JsonNull) {
      return ActivationFunction.LINEAR;
    } else if (value instanceof JsonString text) {
      name = text.value();
    } else if (value instanceof JsonObject object && object.has("config") && object.get("config") instanceof JsonString text) {
      name = text.value();
    } else {
      throw new UnsupportedException(config.place(option) + ": expected the name of an activation, found " + value.describe());
    }
    if (beforeKeras3 && name.equals("hard_sigmoid")) {
      throw new UnsupportedException(config.place(option)
          + ": hard_sigmoid had a slope of 0.2 before Keras 3 and has 1/6 now; "
          + "save the model again from Keras 3 with the activation that is meant");
    }
    try {
      return ActivationFunction.named(name);
    } catch (UnsupportedException e) {
      throw new UnsupportedException(config.place(option) + ": " + e.getMessage());
    }
  }

  /** The function as Keras 3.15 writes it. */
  static JsonValue write(ActivationFunction function) {
    return new JsonString(function.kerasName());
  }
}
