package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Cropping1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Cropping1D}. */
final class Cropping1DCodec implements LayerCodec<Cropping1D> {
  @Override
  public Cropping1D read(LayerConfig config) {
    int[] ends = config.ends("cropping");
    return new Cropping1D(ends[0], ends[1]);
  }

  @Override
  public JsonObject write(Cropping1D layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("cropping", LayerWriter.integers(layer.before(), layer.after()));
  }
}
