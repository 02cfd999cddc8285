package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.RepeatVector;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link RepeatVector}. */
final class RepeatVectorCodec implements LayerCodec<RepeatVector> {
  @Override
  public RepeatVector read(LayerConfig config) {
    return new RepeatVector(config.integer("n"));
  }

  @Override
  public JsonObject write(RepeatVector layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("n", layer.times());
  }
}
