package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Concatenate;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Concatenate}. */
final class ConcatenateCodec implements LayerCodec<Concatenate> {
  @Override
  public Concatenate read(LayerConfig config) {
    return new Concatenate(config.integer("axis", -1));
  }

  @Override
  public JsonObject write(Concatenate layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("axis", layer.axis());
  }
}
