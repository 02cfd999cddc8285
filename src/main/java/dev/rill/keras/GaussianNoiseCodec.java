package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.GaussianNoise;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link GaussianNoise}. */
final class GaussianNoiseCodec implements RandomLayerCodec<GaussianNoise> {
  @Override
  public GaussianNoise read(LayerConfig config) {
    return seeded(new GaussianNoise(config.number("stddev")), config);
  }

  @Override
  public JsonObject write(GaussianNoise layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("stddev", layer.deviation()).with("seed", seed(layer));
  }
}
