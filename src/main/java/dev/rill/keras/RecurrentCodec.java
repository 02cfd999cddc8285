package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.LayerNames;
import dev.rill.layers.Recurrent;
import dev.rill.tensor.Shape;
import java.util.List;

/** What LSTM, GRU and SimpleRNN have in common. Their variables are those of a cell inside the layer. */
interface RecurrentCodec<L extends Recurrent<L>> extends KernelLayerCodec<L> {
  /** A layer with the options that all three have. */
  default L options(L layer, LayerConfig config) {
    // How Keras computes, not what; its random numbers are others anyway.
    config.inert("unroll", "implementation", "use_cudnn", "seed", "num_constants");
    return rules(layer, config)
        .recurrentInitializer(config.initializer("recurrent_initializer", layer.recurrentRules().initializer()))
        .recurrentRegularizer(config.regularizer("recurrent_regularizer"))
        .recurrentConstraint(config.constraint("recurrent_constraint"))
        .activation(config.activation("activation", ActivationFunction.TANH))
        .useBias(config.bool("use_bias", true))
        .returnSequences(config.bool("return_sequences", false))
        .returnState(config.bool("return_state", false))
        .goBackwards(config.bool("go_backwards", false))
        .stateful(config.bool("stateful", false))
        .zeroOutputForMask(config.bool("zero_output_for_mask", false))
        .dropout(config.number("dropout", 0))
        .recurrentDropout(config.number("recurrent_dropout", 0));
  }

  /** Options from the beginning to the activation. */
  default JsonObject first(L layer) {
    return LayerWriter.common(layer).with("return_sequences", layer.returnSequences())
        .with("return_state", layer.returnState()).with("go_backwards", layer.goBackwards())
        .with("stateful", layer.stateful()).with("unroll", false).with("zero_output_for_mask", layer.zeroOutputForMask())
        .with("units", layer.units()).with("activation", ActivationFunctionCodec.write(layer.activation()));
  }

  /** The bias, and how the variables start. */
  default JsonObject initializers(JsonObject config, L layer) {
    return config.with("use_bias", layer.useBias())
        .with("kernel_initializer", RulesWriter.initializer(layer.kernelRules().initializer()))
        .with("recurrent_initializer", RulesWriter.initializer(layer.recurrentRules().initializer()))
        .with("bias_initializer", RulesWriter.initializer(layer.biasRules().initializer()));
  }

  /** Regularizers, constraints and dropout. */
  default JsonObject last(JsonObject config, L layer) {
    return config.with("kernel_regularizer", RulesWriter.regularizer(layer.kernelRules().regularizer()))
        .with("recurrent_regularizer", RulesWriter.regularizer(layer.recurrentRules().regularizer()))
        .with("bias_regularizer", RulesWriter.regularizer(layer.biasRules().regularizer()))
        .with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()))
        .with("kernel_constraint", RulesWriter.constraint(layer.kernelRules().constraint()))
        .with("recurrent_constraint", RulesWriter.constraint(layer.recurrentRules().constraint()))
        .with("bias_constraint", RulesWriter.constraint(layer.biasRules().constraint())).with("dropout", layer.dropout())
        .with("recurrent_dropout", layer.recurrentDropout());
  }

  @Override
  default JsonObject build(L layer, List<Shape> inputs, List<Shape> initialState) {
    return initialState.isEmpty() ? KernelLayerCodec.super.build(layer, inputs, initialState)
        : JsonObject.EMPTY.with("shapes_dict", JsonObject.EMPTY.with("sequences_shape", LayerWriter.shape(inputs.get(0)))
            .with("initial_state_shape", LayerWriter.shapes(initialState)));
  }

  @Override
  default void groups(L layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), List.of());
    groups.add("/cell", LayerNames.snakeCase(layer.className()) + "_cell", layer.variables(inputs));
  }

  @Override
  default JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return arguments(mask, initialState);
  }

  /** How a call of a layer with a state is written. */
  static JsonObject arguments(JsonValue mask, JsonArray initialState) {
    if (initialState.size() == 0) {
      return JsonObject.EMPTY.with("training", false).with("mask", mask);
    }
    JsonObject keywords = JsonObject.EMPTY.with("initial_state", initialState);
    return mask instanceof JsonNull ? keywords : keywords.with("mask", mask);
  }
}
