package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.RandomLayer;

/** What the file forms of layers that draw numbers in training have in common. */
interface RandomLayerCodec<L extends RandomLayer<L>> extends LayerCodec<L> {
  /** A layer with the seed that its configuration has, if it has one. */
  default L seeded(L layer, LayerConfig config) {
    Long seed = config.seed();
    return seed == null ? layer : layer.seed(seed);
  }

  /** The seed of a layer as it is written. */
  default JsonValue seed(L layer) {
    return layer.seed() == null ? new JsonNull() : JsonNumber.of(layer.seed());
  }

  @Override
  default boolean keepsBuild() {
    return false;
  }

  @Override
  default JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("training", false);
  }
}
