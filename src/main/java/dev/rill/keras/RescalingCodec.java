package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Rescaling;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Rescaling}. */
final class RescalingCodec implements LayerCodec<Rescaling> {
  @Override
  public Rescaling read(LayerConfig config) {
    return new Rescaling(config.number("scale"), config.number("offset", 0));
  }

  @Override
  public JsonObject write(Rescaling layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("scale", layer.scale()).with("offset", layer.offset());
  }
}
