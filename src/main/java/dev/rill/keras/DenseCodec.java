package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Dense;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Dense}. */
final class DenseCodec implements KernelLayerCodec<Dense> {
  @Override
  public Dense read(LayerConfig config) {
    config.refuseQuantised();
    return rules(new Dense(config.integer("units")), config)
        .activation(config.activation())
        .useBias(config.bool("use_bias", true));
  }

  @Override
  public JsonObject write(Dense layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("units", layer.units())
        .with("activation", ActivationFunctionCodec.write(layer.activation())).with("use_bias", layer.useBias())
        .with("kernel_initializer", RulesWriter.initializer(layer.kernelRules().initializer()))
        .with("bias_initializer", RulesWriter.initializer(layer.biasRules().initializer()))
        .with("kernel_regularizer", RulesWriter.regularizer(layer.kernelRules().regularizer()))
        .with("bias_regularizer", RulesWriter.regularizer(layer.biasRules().regularizer()))
        .with("kernel_constraint", RulesWriter.constraint(layer.kernelRules().constraint()))
        .with("bias_constraint", RulesWriter.constraint(layer.biasRules().constraint()))
        .withNull("quantization_config");
  }
}
