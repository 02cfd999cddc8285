package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Multiply;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Multiply}. */
final class MultiplyCodec implements LayerCodec<Multiply> {
  @Override
  public Multiply read(LayerConfig config) {
    return new Multiply();
  }

  @Override
  public JsonObject write(Multiply layer, List<Shape> inputs) {
    return LayerWriter.common(layer);
  }
}
