package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Permute;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Permute}. */
final class PermuteCodec implements LayerCodec<Permute> {
  @Override
  public Permute read(LayerConfig config) {
    return new Permute(config.integers("dims"));
  }

  @Override
  public JsonObject write(Permute layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("dims", LayerWriter.integers(layer.axes()));
  }
}
