package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.GaussianDropout;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link GaussianDropout}. */
final class GaussianDropoutCodec implements LayerCodec<GaussianDropout> {
  @Override
  public GaussianDropout read(LayerConfig config) {
    GaussianDropout layer = new GaussianDropout(config.number("rate"));
    Long seed = config.seed();
    return seed == null ? layer : layer.seed(seed);
  }

  @Override
  public JsonObject write(GaussianDropout layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("rate", layer.rate())
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
