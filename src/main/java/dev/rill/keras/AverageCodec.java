package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Average;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Average}. */
final class AverageCodec implements LayerCodec<Average> {
  @Override
  public Average read(LayerConfig config) {
    return new Average();
  }

  @Override
  public JsonObject write(Average layer, List<Shape> inputs) {
    return LayerWriter.common(layer);
  }
}
