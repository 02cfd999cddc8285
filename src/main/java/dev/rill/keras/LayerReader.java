package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonBool;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Activation;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.InputLayer;
import dev.rill.layers.KernelLayer;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerName;
import dev.rill.layers.Masking;
import dev.rill.layers.Recurrent;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One layer's configuration to its description. Every option is either carried over, known to change nothing, or refused. */
final class LayerReader {
  /** Options of every layer, and those that only matter before or during training. */
  private static final String[] COMMON = {"name", "trainable", "dtype", "units", "kernel_initializer", "recurrent_initializer",
    "bias_initializer", "kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "activity_regularizer",
    "kernel_constraint", "recurrent_constraint", "bias_constraint", "dropout", "recurrent_dropout", "seed", "use_bias",
    "activation", "batch_input_shape"};
  private static final String QUANTISED = " is quantised, which cannot be undone: save the model from before quantize() was called";
  private static final String[] RECURRENT = {"return_sequences", "return_state", "go_backwards", "stateful", "unroll",
    "zero_output_for_mask", "implementation", "recurrent_activation", "unit_forget_bias", "reset_after", "use_cudnn"};

  private final boolean beforeKeras3;
  /** The name of each layer by that in the file, and how often a name was made to differ from others. */
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private boolean renamed;

  LayerReader(String kerasVersion) {
    beforeKeras3 = kerasVersion.startsWith("1") || kerasVersion.startsWith("2");
  }

  /** Reads a layer, named as in its configuration. */
  Layer read(JsonObject entry) {
    JsonObject config = entry.object("config");
    String type = entry.string("class_name");
    if (entry.has("registered_name") && entry.get("registered_name") instanceof JsonString own && own.value().indexOf('>') >= 0) {
      throw new UnsupportedException(entry.place() + ": layer " + config.string("name", "?") + " is of the class " + own.value()
          + ", which only its author's code knows: use Keras' own layers");
    }
    try {
      return described(entry, type, config).named(name(config.string("name")));
    } catch (ShapeException e) {
      throw new FormatException(config.place() + ": " + e.getMessage());
    }
  }

  /** Keeps the names of layers that can stay as they are for those layers. */
  void keepNames(JsonArray entries) {
    for (int i = 0; i < entries.size(); i++) {
      JsonObject config = entries.object(i).object("config");
      String name = config.string("name", "");
      if (LayerName.cleaned(name).equals(name)) {
        names.put(name, name);
        taken.add(name);
      }
    }
  }

  /**
   * The name that a layer has here. Keras before version 3 allowed slashes, and allows control characters to this day: a low line
   * stands for each, so that what is saved again can be read everywhere.
   */
  private String name(String written) {
    String name = names.get(written);
    if (name == null) {
      String cleaned = LayerName.cleaned(written);
      name = cleaned;
      // Two names may come to one; a name that stands twice in the file is not made to differ.
      while (!taken.add(name)) {
        name = cleaned + '_' + counts.merge(cleaned, 1, Integer::sum);
      }
      names.put(written, name);
      if (!name.equals(written) && !renamed) {
        renamed = true;
        System.getLogger("dev.rill").log(System.Logger.Level.INFO, "layers have names with slashes or control characters, which Keras "
            + "3 does not take: the first of them is called " + name + " here");
      }
    }
    return name;
  }

  /** Whether regularizers and constraints of such a layer are carried over. */
  static boolean readsRules(String type) {
    return type.equals("LSTM") || type.equals("GRU") || type.equals("SimpleRNN") || type.equals("Dense")
        || type.equals("Embedding");
  }

  private Layer described(JsonObject entry, String type, JsonObject config) {
    switch (type) {
      case "InputLayer":
        return inputLayer(config);
      case "LSTM":
        known(config, RECURRENT);
        return recurrent(new LSTM(config.integer("units")), config)
            .recurrentActivation(function(config, "recurrent_activation", ActivationFunction.SIGMOID))
            .unitForgetBias(config.bool("unit_forget_bias", true));
      case "GRU":
        known(config, RECURRENT);
        // Files from before the option existed mean its old default.
        return recurrent(new GRU(config.integer("units")), config)
            .recurrentActivation(function(config, "recurrent_activation", ActivationFunction.SIGMOID))
            .resetAfter(config.bool("reset_after", !beforeKeras3));
      case "SimpleRNN":
        known(config, RECURRENT);
        return recurrent(new SimpleRNN(config.integer("units")), config);
      case "Dense":
        known(config, "quantization_config", "lora_rank", "lora_alpha");
        return ruled(new Dense(config.integer("units")), config)
            .activation(function(config, "activation", ActivationFunction.LINEAR))
            .useBias(config.bool("use_bias", true));
      case "TimeDistributed":
        known(config, "layer");
        if (read(config.object("layer")) instanceof Dense dense) {
          // A frozen wrapper freezes what it wraps.
          return new TimeDistributed(config.bool("trainable", true) ? dense : dense.trainable(false));
        }
        throw new UnsupportedException(config.place("layer") + ": TimeDistributed is supported around Dense only, found "
            + config.object("layer").string("class_name"));
      case "Activation":
        known(config);
        return new Activation(function(config, "activation", ActivationFunction.LINEAR));
      case "Dropout":
        known(config, "rate", "noise_shape");
        return dropout(new Dropout(config.number("rate")), config);
      case "Embedding":
        known(config, "input_dim", "output_dim", "embeddings_initializer", "embeddings_regularizer", "embeddings_constraint",
            "mask_zero", "input_length", "quantization_config", "lora_rank", "lora_alpha");
        return embedding(new Embedding(config.integer("input_dim"), config.integer("output_dim")), config);
      case "Masking":
        known(config, "mask_value");
        return new Masking(config.number("mask_value", 0));
      case "Concatenate":
        known(config, "axis");
        return new Concatenate(config.integer("axis", -1));
      case "RepeatVector":
        known(config, "n");
        return new RepeatVector(config.integer("n"));
      case "CuDNNLSTM", "CuDNNGRU":
        throw new UnsupportedException(entry.place() + ": layer " + config.string("name", "?") + " of class " + type + " is for GPUs "
            + "only: build the same model in TensorFlow 2.15 or older with " + type.substring("CuDNN".length())
            + "(..., recurrent_activation='sigmoid'" + (type.endsWith("GRU") ? ", reset_after=True" : "") + ") in its place, call "
            + "load_weights(FILE), which converts them, and save it as model.keras or model.h5");
      default:
        throw new UnsupportedException(entry.place() + ": layer " + config.string("name", "?") + " of class " + type
            + " is not supported; supported are InputLayer, LSTM, GRU, SimpleRNN, Dense, TimeDistributed, Activation, Dropout, "
            + "Embedding, Masking, Concatenate, RepeatVector");
    }
  }

  private <T extends Recurrent<T>> T recurrent(T layer, JsonObject config) {
    return ruled(layer, config)
        .recurrentInitializer(RulesReader.initializer(config, "recurrent_initializer", layer.recurrentRules().initializer()))
        .recurrentRegularizer(RulesReader.regularizer(config, "recurrent_regularizer"))
        .recurrentConstraint(RulesReader.constraint(config, "recurrent_constraint"))
        .activation(function(config, "activation", ActivationFunction.TANH))
        .useBias(config.bool("use_bias", true))
        .returnSequences(config.bool("return_sequences", false))
        .returnState(config.bool("return_state", false))
        .goBackwards(config.bool("go_backwards", false))
        .stateful(config.bool("stateful", false))
        .zeroOutputForMask(config.bool("zero_output_for_mask", false))
        .dropout(config.number("dropout", 0))
        .recurrentDropout(config.number("recurrent_dropout", 0));
  }

  private static <T extends KernelLayer<T>> T ruled(T layer, JsonObject config) {
    return layer.kernelInitializer(RulesReader.initializer(config, "kernel_initializer", layer.kernelRules().initializer()))
        .biasInitializer(RulesReader.initializer(config, "bias_initializer", layer.biasRules().initializer()))
        .kernelRegularizer(RulesReader.regularizer(config, "kernel_regularizer"))
        .biasRegularizer(RulesReader.regularizer(config, "bias_regularizer"))
        .activityRegularizer(RulesReader.regularizer(config, "activity_regularizer"))
        .kernelConstraint(RulesReader.constraint(config, "kernel_constraint"))
        .biasConstraint(RulesReader.constraint(config, "bias_constraint"))
        .trainable(config.bool("trainable", true));
  }

  private static Dropout dropout(Dropout layer, JsonObject config) {
    Dropout read = layer;
    if (config.has("noise_shape") && !config.isNull("noise_shape")) {
      read = read.noiseShape(shape(config, "noise_shape").toArray());
    }
    return config.has("seed") && config.get("seed") instanceof JsonNumber ? read.seed(config.longInteger("seed")) : read;
  }

  private static Embedding embedding(Embedding layer, JsonObject config) {
    return layer.maskZero(config.bool("mask_zero", false))
        .embeddingsInitializer(
            RulesReader.initializer(config, "embeddings_initializer", layer.embeddingsRules().initializer()))
        .embeddingsRegularizer(RulesReader.regularizer(config, "embeddings_regularizer"))
        .embeddingsConstraint(RulesReader.constraint(config, "embeddings_constraint"))
        .activityRegularizer(RulesReader.regularizer(config, "activity_regularizer"))
        .trainable(config.bool("trainable", true));
  }

  /** Refuses options that are not known, unless they say nothing, and number types other than float32. */
  private static void known(JsonObject config, String... own) {
    Set<String> names = new HashSet<>(Arrays.asList(COMMON));
    names.addAll(Arrays.asList(own));
    for (String name : config.names()) {
      JsonValue value = config.get(name);
      boolean says = !(value instanceof JsonNull) && !(value instanceof JsonBool flag && !flag.value());
      if (!names.contains(name) && says) {
        throw new UnsupportedException(config.place(name) + ": the option " + name + " of layer " + config.string("name", "?")
            + " is not supported");
      }
    }
    String layer = ": layer " + config.string("name", "?");
    if (config.has("quantization_config") && !config.isNull("quantization_config")) {
      throw new UnsupportedException(config.place("quantization_config") + layer + QUANTISED);
    }
    if (config.has("lora_rank") && !config.isNull("lora_rank")) {
      throw new UnsupportedException(config.place("lora_rank") + layer + " has low-rank weights (LoRA), which Keras has added to "
          + "the kernel in the file: write it without them, n = keras.models.model_from_json(re.sub('\"lora_rank\": [0-9]+', "
          + "'\"lora_rank\": null', m.to_json())); n.load_weights(FILE); n.save('model.keras')");
    }
    if (config.has("dtype") && !config.isNull("dtype")) {
      String type = config.get("dtype") instanceof JsonObject policy ? policy.object("config").string("name") : config.string("dtype");
      if (type.startsWith("int") || type.startsWith("float8")) {
        throw new UnsupportedException(config.place("dtype") + layer + QUANTISED);
      }
      if (!type.equals("float32")) {
        throw new UnsupportedException(config.place("dtype") + layer + " computes in " + type + "; only float32 is supported: "
            + "write the model anew in it, n = keras.models.model_from_json(m.to_json().replace('" + type + "', 'float32')); "
            + "n.set_weights(m.get_weights()); n.save('model.keras')");
      }
    }
  }

  private ActivationFunction function(JsonObject config, String option, ActivationFunction absent) {
    if (!config.has(option)) {
      if (beforeKeras3) {
        throw new UnsupportedException(config.place(option) + ": the option is missing, and its default changed during Keras 2");
      }
      return absent;
    }
    String name;
    JsonValue value = config.get(option);
    if (value instanceof JsonNull) {
      return ActivationFunction.LINEAR;
    } else if (value instanceof JsonString text) {
      name = text.value();
    } else if (value instanceof JsonObject object && object.has("config") && object.get("config") instanceof JsonString text) {
      name = text.value();
    } else {
      throw new UnsupportedException(config.place(option) + ": expected the name of an activation, found " + value.describe());
    }
    if (beforeKeras3 && name.equals("hard_sigmoid")) {
      throw new UnsupportedException(config.place(option) + ": hard_sigmoid was clip(0.2 x + 0.5, 0, 1) before Keras 3 and is "
          + "clip(x / 6 + 0.5, 0, 1) now, so the old one of x is that of 1.2 x today: load the file in Keras 3, multiply what leads "
          + "to it by 1.2 (kernel, recurrent_kernel and bias, of gates the columns of those that have it) and save as model.keras");
    }
    try {
      return ActivationFunction.named(name);
    } catch (UnsupportedException e) {
      throw new UnsupportedException(config.place(option) + ": " + e.getMessage());
    }
  }

  private static InputLayer inputLayer(JsonObject config) {
    for (String name : new String[] {"sparse", "ragged", "optional"}) {
      if (config.bool(name, false)) {
        throw new UnsupportedException(config.place(name) + ": " + name + " inputs are not supported");
      }
    }
    InputLayer input = new InputLayer(shape(config, config.has("batch_shape") ? "batch_shape" : "batch_input_shape"));
    return config.has("dtype") && config.get("dtype") instanceof JsonString type ? input.type(type.value()) : input;
  }

  /** The input of a sequential model that does not list one: from its first layer, or from what it was built for. */
  InputLayer input(JsonObject firstLayer, JsonObject model) {
    JsonObject config = firstLayer.object("config");
    try {
      if (config.has("batch_input_shape")) {
        return new InputLayer(shape(config, "batch_input_shape"));
      }
      if (!model.has("build_config") || !(model.get("build_config") instanceof JsonObject built) || built.isNull("input_shape")) {
        throw new UnsupportedException(model.place() + ": the model does not say the shape of its input: put keras.Input(shape) in "
            + "front of its layers in Keras, or call the model once on data, and save it again");
      }
      return new InputLayer(shape(model.object("build_config"), "input_shape"));
    } catch (ShapeException e) {
      throw new FormatException(model.place() + ": " + e.getMessage());
    }
  }

  private static Shape shape(JsonObject config, String name) {
    JsonArray axes = config.array(name);
    int[] sizes = new int[axes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = axes.isNull(i) ? Shape.UNKNOWN : axes.integer(i);
      if (!axes.isNull(i) && sizes[i] < 0) {
        throw new FormatException(axes.place(i) + ": expected a size, got " + sizes[i]);
      }
    }
    return Shape.of(sizes);
  }
}
