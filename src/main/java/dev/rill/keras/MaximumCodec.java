package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Maximum;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Maximum}. */
final class MaximumCodec implements LayerCodec<Maximum> {
  @Override
  public Maximum read(LayerConfig config) {
    return new Maximum();
  }

  @Override
  public JsonObject write(Maximum layer, List<Shape> inputs) {
    return LayerWriter.common(layer);
  }
}
