package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Conv1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Conv1D}. */
final class Conv1DCodec implements KernelLayerCodec<Conv1D> {
  @Override
  public Conv1D read(LayerConfig config) {
    config.refuseQuantised();
    config.channelsLast();
    return rules(new Conv1D(config.integer("filters"), config.only("kernel_size")), config)
        .strides(config.only("strides", 1)).padding(config.text("padding", "valid"))
        .dilationRate(config.only("dilation_rate", 1)).groups(config.integer("groups", 1))
        .activation(config.activation())
        .useBias(config.bool("use_bias", true));
  }

  @Override
  public JsonObject write(Conv1D layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("filters", layer.filters())
        .with("kernel_size", LayerWriter.integers(layer.window().size())).with("strides", LayerWriter.integers(layer.window().strides()))
        .with("padding", layer.window().padding().kerasName()).with("data_format", "channels_last")
        .with("dilation_rate", LayerWriter.integers(layer.window().dilation())).with("groups", layer.groups())
        .with("activation", ActivationFunctionCodec.write(layer.activation())).with("use_bias", layer.useBias())
        .with("kernel_initializer", RulesWriter.initializer(layer.kernelRules().initializer()))
        .with("bias_initializer", RulesWriter.initializer(layer.biasRules().initializer()))
        .with("kernel_regularizer", RulesWriter.regularizer(layer.kernelRules().regularizer()))
        .with("bias_regularizer", RulesWriter.regularizer(layer.biasRules().regularizer()))
        .with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()))
        .with("kernel_constraint", RulesWriter.constraint(layer.kernelRules().constraint()))
        .with("bias_constraint", RulesWriter.constraint(layer.biasRules().constraint()));
  }
}
