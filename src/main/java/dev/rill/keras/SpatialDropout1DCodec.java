package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.SpatialDropout1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link SpatialDropout1D}. */
final class SpatialDropout1DCodec implements RandomLayerCodec<SpatialDropout1D> {
  @Override
  public SpatialDropout1D read(LayerConfig config) {
    config.inert("noise_shape");
    return seeded(new SpatialDropout1D(config.number("rate")), config);
  }

  @Override
  public JsonObject write(SpatialDropout1D layer, List<Shape> inputs) {
    return JsonObject.EMPTY.with("rate", layer.rate()).with("seed", seed(layer)).with("name", layer.name())
        .with("dtype", "float32");
  }
}
