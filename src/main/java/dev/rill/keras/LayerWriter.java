package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Activation;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.InputLayer;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.layers.Masking;
import dev.rill.layers.Recurrent;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.List;

/** One layer's description to its configuration, member for member as Keras 3.15 writes it: one method a class of layers. */
final class LayerWriter {
  /** How numbers are computed: repeated at every layer, as Keras does. */
  static final JsonObject FLOAT32 = entry("keras", "DTypePolicy", JsonObject.EMPTY.with("name", "float32"));

  private LayerWriter() {}

  /**
   * The entry of a layer.
   *
   * @param layer named
   * @param build the shapes that it was built for, null if Keras does not keep any
   */
  static JsonObject write(Layer layer, JsonObject build) {
    JsonObject entry = entry("keras.layers", layer.className(), config(layer, build));
    return build == null ? entry : entry.with("build_config", build);
  }

  private static JsonObject config(Layer layer, JsonObject build) {
    if (layer instanceof InputLayer input) {
      return inputLayer(input);
    } else if (layer instanceof LSTM lstm) {
      return lstm(lstm);
    } else if (layer instanceof GRU gru) {
      return gru(gru);
    } else if (layer instanceof SimpleRNN rnn) {
      return simpleRnn(rnn);
    } else if (layer instanceof Dense dense) {
      return dense(dense);
    } else if (layer instanceof TimeDistributed distributed) {
      return timeDistributed(distributed, build.array("input_shape"));
    } else if (layer instanceof Activation activation) {
      return common(layer).with("activation", activation.function().kerasName());
    } else if (layer instanceof Dropout dropout) {
      return common(layer).with("rate", dropout.rate())
          .with("seed", dropout.seed() == null ? new JsonNull() : JsonNumber.of(dropout.seed()))
          .with("noise_shape", dropout.noiseShape() == null ? new JsonNull() : shape(dropout.noiseShape()));
    } else if (layer instanceof Embedding embedding) {
      return embedding(embedding);
    } else if (layer instanceof Masking masking) {
      return common(layer).with("mask_value", masking.value());
    } else if (layer instanceof Concatenate concatenate) {
      return common(layer).with("axis", concatenate.axis());
    } else if (layer instanceof RepeatVector repeat) {
      return common(layer).with("n", repeat.times());
    }
    throw new UnsupportedException("layer " + layer.name() + " of class " + layer.className()
        + " cannot be written to a Keras file yet");
  }

  private static JsonObject common(Layer layer) {
    return JsonObject.EMPTY.with("name", layer.name()).with("trainable", layer.trainable()).with("dtype", FLOAT32);
  }

  private static JsonObject inputLayer(InputLayer layer) {
    return JsonObject.EMPTY.with("batch_shape", shape(layer.shape())).with("dtype", layer.type()).with("sparse", false)
        .with("ragged", false).with("name", layer.name()).with("optional", false);
  }

  private static JsonObject lstm(LSTM layer) {
    JsonObject config = recurrent(layer).with("recurrent_activation", layer.recurrentActivation().kerasName());
    config = initial(config, layer).with("unit_forget_bias", layer.unitForgetBias());
    return rules(config, layer).withNull("seed");
  }

  private static JsonObject gru(GRU layer) {
    JsonObject config = recurrent(layer).with("recurrent_activation", layer.recurrentActivation().kerasName());
    return rules(initial(config, layer), layer).with("reset_after", layer.resetAfter()).withNull("seed");
  }

  private static JsonObject simpleRnn(SimpleRNN layer) {
    return rules(initial(recurrent(layer), layer), layer);
  }

  private static JsonObject recurrent(Recurrent<?> layer) {
    return common(layer).with("return_sequences", layer.returnSequences()).with("return_state", layer.returnState())
        .with("go_backwards", layer.goBackwards()).with("stateful", layer.stateful()).with("unroll", false)
        .with("zero_output_for_mask", layer.zeroOutputForMask()).with("units", layer.units())
        .with("activation", layer.activation().kerasName());
  }

  private static JsonObject initial(JsonObject config, Recurrent<?> layer) {
    return config.with("use_bias", layer.useBias())
        .with("kernel_initializer", RulesWriter.initializer(layer.kernelRules().initializer()))
        .with("recurrent_initializer", RulesWriter.initializer(layer.recurrentRules().initializer()))
        .with("bias_initializer", RulesWriter.initializer(layer.biasRules().initializer()));
  }

  private static JsonObject rules(JsonObject config, Recurrent<?> layer) {
    return config.with("kernel_regularizer", RulesWriter.regularizer(layer.kernelRules().regularizer()))
        .with("recurrent_regularizer", RulesWriter.regularizer(layer.recurrentRules().regularizer()))
        .with("bias_regularizer", RulesWriter.regularizer(layer.biasRules().regularizer()))
        .with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()))
        .with("kernel_constraint", RulesWriter.constraint(layer.kernelRules().constraint()))
        .with("recurrent_constraint", RulesWriter.constraint(layer.recurrentRules().constraint()))
        .with("bias_constraint", RulesWriter.constraint(layer.biasRules().constraint())).with("dropout", layer.dropout())
        .with("recurrent_dropout", layer.recurrentDropout());
  }

  private static JsonObject dense(Dense layer) {
    JsonObject common = common(layer);
    if (layer.activityRegularizer() != null) {
      common = common.with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()));
    }
    return common.with("units", layer.units()).with("activation", layer.activation().kerasName())
        .with("use_bias", layer.useBias())
        .with("kernel_initializer", RulesWriter.initializer(layer.kernelRules().initializer()))
        .with("bias_initializer", RulesWriter.initializer(layer.biasRules().initializer()))
        .with("kernel_regularizer", RulesWriter.regularizer(layer.kernelRules().regularizer()))
        .with("bias_regularizer", RulesWriter.regularizer(layer.biasRules().regularizer()))
        .with("kernel_constraint", RulesWriter.constraint(layer.kernelRules().constraint()))
        .with("bias_constraint", RulesWriter.constraint(layer.biasRules().constraint()))
        .withNull("quantization_config");
  }

  private static JsonObject embedding(Embedding layer) {
    return common(layer).with("input_dim", layer.ids()).with("output_dim", layer.units())
        .with("embeddings_initializer", RulesWriter.initializer(layer.embeddingsRules().initializer()))
        .with("embeddings_regularizer", RulesWriter.regularizer(layer.embeddingsRules().regularizer()))
        .with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()))
        .with("embeddings_constraint", RulesWriter.constraint(layer.embeddingsRules().constraint()))
        .with("mask_zero", layer.maskZero()).withNull("quantization_config");
  }

  /** The layer inside sees one time step. */
  private static JsonObject timeDistributed(TimeDistributed layer, JsonArray input) {
    JsonObject step = JsonObject.EMPTY.with("input_shape", JsonArray.of(List.of(input.get(0), input.get(2))));
    return common(layer).with("layer", write(inside(layer), step));
  }

  /** The layer inside, which needs no name in Rill but has one in Keras. */
  static Layer inside(TimeDistributed layer) {
    Dense inside = layer.layer();
    return inside.name() == null ? inside.named(LayerNames.snakeCase(inside.className())) : inside;
  }

  /** Keras' form of an object: where its class is, and what makes it. */
  static JsonObject entry(String module, String type, JsonObject config) {
    return JsonObject.EMPTY.with("module", module).with("class_name", type).with("config", config)
        .withNull("registered_name");
  }

  /** Sizes, null where they are not known. */
  static JsonArray shape(Shape shape) {
    List<JsonValue> sizes = new ArrayList<>();
    for (int size : shape.toArray()) {
      sizes.add(size == Shape.UNKNOWN ? new JsonNull() : JsonNumber.of(size));
    }
    return JsonArray.of(sizes);
  }
}
