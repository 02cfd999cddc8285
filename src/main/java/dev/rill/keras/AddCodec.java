package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Add;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Add}. */
final class AddCodec implements LayerCodec<Add> {
  @Override
  public Add read(LayerConfig config) {
    return new Add();
  }

  @Override
  public JsonObject write(Add layer, List<Shape> inputs) {
    return LayerWriter.common(layer);
  }
}
