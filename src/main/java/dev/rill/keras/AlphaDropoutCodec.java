package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.AlphaDropout;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link AlphaDropout}. */
final class AlphaDropoutCodec implements LayerCodec<AlphaDropout> {
  @Override
  public AlphaDropout read(LayerConfig config) {
    AlphaDropout layer = new AlphaDropout(config.number("rate"));
    Long seed = config.seed();
    return seed == null ? layer : layer.seed(seed);
  }

  @Override
  public JsonObject write(AlphaDropout layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("rate", layer.rate())
        .with("seed", layer.seed() == null ? new JsonNull() : JsonNumber.of(layer.seed())).withNull("noise_shape");
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
