package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Subtract;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Subtract}. */
final class SubtractCodec implements LayerCodec<Subtract> {
  @Override
  public Subtract read(LayerConfig config) {
    return new Subtract();
  }

  @Override
  public JsonObject write(Subtract layer, List<Shape> inputs) {
    return LayerWriter.common(layer);
  }
}
