package dev.rill.keras;

import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dot;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Dot}. */
final class DotCodec implements LayerCodec<Dot> {
  @Override
  public Dot read(LayerConfig config) {
    return new Dot(config.axes("axes", -1)).normalize(config.bool("normalize", false));
  }

  @Override
  public JsonObject write(Dot layer, List<Shape> inputs) {
    int[] axes = layer.axes();
    return LayerWriter.common(layer)
        .with("axes", axes.length == 1 ? JsonNumber.of(axes[0]) : LayerWriter.integers(axes))
        .with("normalize", layer.normalize());
  }
}
