package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Minimum;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Minimum}. */
final class MinimumCodec implements LayerCodec<Minimum> {
  @Override
  public Minimum read(LayerConfig config) {
    return new Minimum();
  }

  @Override
  public JsonObject write(Minimum layer, List<Shape> inputs) {
    return LayerWriter.common(layer);
  }
}
