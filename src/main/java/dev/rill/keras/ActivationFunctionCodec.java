package dev.rill.keras;

import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.UnsupportedException;

/** Activation functions as options of layers: a name, null for linear, or an object with a name. Keras 1 and 2 had another hard_sigmoid. */
final class ActivationFunctionCodec {
  private ActivationFunctionCodec() {}

  /** The function of an option; the given one if the option is missing. */
  static ActivationFunction read(JsonObject config, String option, ActivationFunction absent, boolean beforeKeras3) {
    if (!config.has(option)) {
      // The gates' default was another before Keras 2.3.
      return beforeKeras3 && option.equals("recurrent_activation") ? ActivationFunction.KERAS2_HARD_SIGMOID : absent;
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
    if (beforeKeras3 && name.endsWith("softmax_v2")) {
      // What TensorFlow calls its functions inside.
      name = name.substring(0, name.length() - "_v2".length());
    }
    if (beforeKeras3 && name.equals("hard_sigmoid")) {
      return ActivationFunction.KERAS2_HARD_SIGMOID;
    }
    try {
      return ActivationFunction.named(name);
    } catch (UnsupportedException e) {
      throw new UnsupportedException(config.place(option) + ": " + e.getMessage());
    }
  }

  /** The function as Keras 3.15 writes it. */
  static JsonValue write(ActivationFunction function) {
    if (function == ActivationFunction.KERAS2_HARD_SIGMOID) {
      throw new UnsupportedException("the hard_sigmoid of Keras 1 and 2, with a slope of 0.2, has no name in Keras 3: the model "
          + "cannot be saved with it; keep the file that it was loaded from, or choose hard_sigmoid or sigmoid and train it further");
    }
    return new JsonString(function.kerasName());
  }
}
