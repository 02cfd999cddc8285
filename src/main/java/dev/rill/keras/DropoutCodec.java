package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Dropout;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Dropout}. */
final class DropoutCodec implements LayerCodec<Dropout> {
  @Override
  public Dropout read(LayerConfig config) {
    Dropout layer = new Dropout(config.number("rate"));
    if (config.has("noise_shape")) {
      layer = layer.noiseShape(config.shape("noise_shape").toArray());
    }
    Long seed = config.seed();
    return seed == null ? layer : layer.seed(seed);
  }

  @Override
  public JsonObject write(Dropout layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("rate", layer.rate())
        .with("seed", layer.seed() == null ? new JsonNull() : JsonNumber.of(layer.seed()))
        .with("noise_shape", layer.noiseShape() == null ? new JsonNull() : LayerWriter.shape(layer.noiseShape()));
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
