package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.AlphaDropout;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link AlphaDropout}. */
final class AlphaDropoutCodec implements RandomLayerCodec<AlphaDropout> {
  @Override
  public AlphaDropout read(LayerConfig config) {
    return seeded(new AlphaDropout(config.number("rate")), config);
  }

  @Override
  public JsonObject write(AlphaDropout layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("rate", layer.rate()).with("seed", seed(layer)).withNull("noise_shape");
  }
}
