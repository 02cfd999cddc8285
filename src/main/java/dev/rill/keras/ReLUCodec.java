package dev.rill.keras;

import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.ReLU;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link ReLU}. */
final class ReLUCodec implements LayerCodec<ReLU> {
  @Override
  public ReLU read(LayerConfig config) {
    return new ReLU(config.has("max_value") ? config.number("max_value") : null, config.scalar("negative_slope", 0),
        config.scalar("threshold", 0));
  }

  @Override
  public JsonObject write(ReLU layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("max_value", layer.max() == null ? new JsonNull() : JsonNumber.of(layer.max()))
        .with("negative_slope", layer.slope()).with("threshold", layer.threshold());
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public ActivationFunction function(ReLU layer) {
    if (layer.slope() != 0 || layer.threshold() != 0) {
      return null;
    }
    return layer.max() == null ? ActivationFunction.RELU : layer.max() == 6 ? ActivationFunction.RELU6 : null;
  }
}
