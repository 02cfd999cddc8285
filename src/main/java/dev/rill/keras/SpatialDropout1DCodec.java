package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.SpatialDropout1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link SpatialDropout1D}. */
final class SpatialDropout1DCodec implements LayerCodec<SpatialDropout1D> {
  @Override
  public SpatialDropout1D read(LayerConfig config) {
    config.inert("noise_shape");
    SpatialDropout1D layer = new SpatialDropout1D(config.number("rate"));
    Long seed = config.seed();
    return seed == null ? layer : layer.seed(seed);
  }

  @Override
  public JsonObject write(SpatialDropout1D layer, List<Shape> inputs) {
    return JsonObject.EMPTY.with("rate", layer.rate())
        .with("seed", layer.seed() == null ? new JsonNull() : JsonNumber.of(layer.seed())).with("name", layer.name())
        .with("dtype", "float32");
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("training", false);
  }
}
