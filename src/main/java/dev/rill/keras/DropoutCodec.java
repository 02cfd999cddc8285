package dev.rill.keras;

import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dropout;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Dropout}. */
final class DropoutCodec implements RandomLayerCodec<Dropout> {
  @Override
  public Dropout read(LayerConfig config) {
    Dropout layer = new Dropout(config.number("rate"));
    if (config.has("noise_shape")) {
      layer = layer.noiseShape(config.shape("noise_shape").toArray());
    }
    return seeded(layer, config);
  }

  @Override
  public JsonObject write(Dropout layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("rate", layer.rate())
        .with("seed", seed(layer))
        .with("noise_shape", layer.noiseShape() == null ? new JsonNull() : LayerWriter.shape(layer.noiseShape()));
  }
}
