package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.UpSampling1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link UpSampling1D}. */
final class UpSampling1DCodec implements LayerCodec<UpSampling1D> {
  @Override
  public UpSampling1D read(LayerConfig config) {
    return new UpSampling1D(config.only("size", 2));
  }

  @Override
  public JsonObject write(UpSampling1D layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("size", layer.size());
  }
}
