package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.LeakyReLU;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link LeakyReLU}. */
final class LeakyReLUCodec implements LayerCodec<LeakyReLU> {
  @Override
  public LeakyReLU read(LayerConfig config) {
    return new LeakyReLU(config.scalar("negative_slope", 0.3));
  }

  @Override
  public JsonObject write(LeakyReLU layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("negative_slope", layer.slope());
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public ActivationFunction function(LeakyReLU layer) {
    return (float) layer.slope() == 0.2f ? ActivationFunction.LEAKY_RELU : null;
  }
}
