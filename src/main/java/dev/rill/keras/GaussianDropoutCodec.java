package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.GaussianDropout;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link GaussianDropout}. */
final class GaussianDropoutCodec implements RandomLayerCodec<GaussianDropout> {
  @Override
  public GaussianDropout read(LayerConfig config) {
    return seeded(new GaussianDropout(config.number("rate")), config);
  }

  @Override
  public JsonObject write(GaussianDropout layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("rate", layer.rate()).with("seed", seed(layer));
  }
}
