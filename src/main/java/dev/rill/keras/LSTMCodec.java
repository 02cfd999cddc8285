package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link LSTM}. */
final class LSTMCodec implements RecurrentCodec<LSTM> {
  @Override
  public LSTM read(LayerConfig config) {
    return options(new LSTM(config.integer("units")), config)
        .recurrentActivation(config.activation("recurrent_activation", ActivationFunction.SIGMOID))
        .unitForgetBias(config.bool("unit_forget_bias", true));
  }

  @Override
  public JsonObject write(LSTM layer, List<Shape> inputs) {
    JsonObject config = first(layer)
        .with("recurrent_activation", ActivationFunctionCodec.write(layer.recurrentActivation()));
    config = initializers(config, layer).with("unit_forget_bias", layer.unitForgetBias());
    return last(config, layer).withNull("seed");
  }
}
