package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Masking;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Masking}. */
final class MaskingCodec implements LayerCodec<Masking> {
  @Override
  public Masking read(LayerConfig config) {
    return new Masking(config.number("mask_value", 0));
  }

  @Override
  public JsonObject write(Masking layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("mask_value", layer.value());
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }
}
