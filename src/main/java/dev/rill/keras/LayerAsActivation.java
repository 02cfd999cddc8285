package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Layer;
import dev.rill.tensor.UnsupportedException;
import java.util.Set;

/**
 * A layer as the activation of another, {@code Dense(8, activation=LeakyReLU(0.1))}. Where one of the functions does the same, it is
 * that function; else it stands behind the other layer, which is linear then.
 */
final class LayerAsActivation {
  private static final Set<String> WITHOUT_WEIGHTS = Set.of("ReLU", "LeakyReLU", "ELU", "Softmax", "ThresholdedReLU");
  private static final String ACTIVATION = "activation";

  private LayerAsActivation() {}

  /** Whether an activation is described as a layer is, rather than as a function. */
  static boolean is(JsonValue value) {
    return value instanceof JsonObject entry && entry.has("class_name") && entry.has("config") && entry.get("config") instanceof JsonObject;
  }

  /** The layer that is described. */
  static Layer read(JsonObject entry, LayerReader reader) {
    if (!WITHOUT_WEIGHTS.contains(entry.string("class_name"))) {
      throw new UnsupportedException(entry.place() + ": a layer of class " + entry.string("class_name") + " as the activation of another "
          + "is not supported; supported are ReLU, LeakyReLU, ELU, Softmax and ThresholdedReLU, and functions by their names");
    }
    return reader.read(entry);
  }

  /** The function that does the same; null if there is none. */
  static ActivationFunction function(Layer layer) {
    return LayerCodecs.of(layer).function(layer);
  }

  /** What stands behind the layer of an entry, or behind that which a wrapper holds for each time step; null for nothing. */
  static Layer behind(JsonObject entry, LayerReader reader) {
    if (!(entry.get("config") instanceof JsonObject options)) {
      return null;
    }
    if (entry.string("class_name").equals("TimeDistributed")) {
      return behind(options.object("layer"), reader);
    }
    if (!options.has(ACTIVATION) || !is(options.get(ACTIVATION))) {
      return null;
    }
    Layer layer = read(options.object(ACTIVATION), reader);
    return function(layer) == null ? layer.named(null) : null;
  }
}
