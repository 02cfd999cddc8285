package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.GaussianNoise;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link GaussianNoise}. */
final class GaussianNoiseCodec implements LayerCodec<GaussianNoise> {
  @Override
  public GaussianNoise read(LayerConfig config) {
    GaussianNoise layer = new GaussianNoise(config.number("stddev"));
    Long seed = config.seed();
    return seed == null ? layer : layer.seed(seed);
  }

  @Override
  public JsonObject write(GaussianNoise layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("stddev", layer.deviation())
        .with("seed", layer.seed() == null ? new JsonNull() : JsonNumber.of(layer.seed()));
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
