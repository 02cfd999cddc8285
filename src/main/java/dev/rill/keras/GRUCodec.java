package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.GRU;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link GRU}. */
final class GRUCodec implements RecurrentCodec<GRU> {
  @Override
  public GRU read(LayerConfig config) {
    return options(new GRU(config.integer("units")), config)
        .recurrentActivation(config.activation("recurrent_activation", ActivationFunction.SIGMOID))
        // Files from before the option existed mean its old default.
        .resetAfter(config.bool("reset_after", !config.beforeKeras3() || config.forCudnn()));
  }

  @Override
  public JsonObject write(GRU layer, List<Shape> inputs) {
    JsonObject config = first(layer)
        .with("recurrent_activation", ActivationFunctionCodec.write(layer.recurrentActivation()));
    return last(initializers(config, layer), layer).with("reset_after", layer.resetAfter()).withNull("seed");
  }
}
