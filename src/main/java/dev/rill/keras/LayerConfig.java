package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonBool;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of a layer while a {@link LayerCodec} reads it: its options, and which version of Keras wrote them. It
 * knows which options have been asked for and refuses the others in the end, unless they say nothing.
 */
final class LayerConfig {
  /** Every layer may have these; those that a codec does not ask for matter in training at most. */
  private static final Set<String> COMMON = Set.of("name", "trainable", "dtype", "activity_regularizer", "batch_input_shape");

  /** What Keras 1 called options, by what they are called since. */
  private static final Map<String, String> OLDER = Map.ofEntries(Map.entry("units", "output_dim"),
      Map.entry("recurrent_activation", "inner_activation"), Map.entry("rate", "p"), Map.entry("dropout", "dropout_W"),
      Map.entry("recurrent_dropout", "dropout_U"), Map.entry("use_bias", "bias"), Map.entry("kernel_initializer", "init"),
      Map.entry("recurrent_initializer", "inner_init"), Map.entry("kernel_regularizer", "W_regularizer"),
      Map.entry("recurrent_regularizer", "U_regularizer"), Map.entry("bias_regularizer", "b_regularizer"),
      Map.entry("kernel_constraint", "W_constraint"), Map.entry("bias_constraint", "b_constraint"),
      Map.entry("stddev", "sigma"), Map.entry("filters", "nb_filter"), Map.entry("kernel_size", "filter_length"),
      Map.entry("padding", "border_mode"), Map.entry("strides", "subsample_length"), Map.entry("pool_size", "pool_length"),
      Map.entry("dilation_rate", "atrous_rate"), Map.entry("size", "length"), Map.entry("negative_slope", "alpha"),
      Map.entry("embeddings_initializer", "init"), Map.entry("embeddings_regularizer", "W_regularizer"),
      Map.entry("embeddings_constraint", "W_constraint"), Map.entry("alpha_initializer", "init"), Map.entry("threshold", "theta"));
  /** What Keras 1 and 2 wrote beside, and what says nothing about the numbers. */
  private static final Set<String> OLD_INERT = Set.of("input_dim", "input_length", "input_dtype", "consume_less",
      "implementation", "forget_bias_init", "input_shape", "batch_size", "ragged", "autocast");

  private static final String QUANTISED = " is quantised, which cannot be undone: save the model from before quantize() was called";

  private final LayerReader reader;
  private final JsonObject entry;
  private final JsonObject options;
  private final Set<String> asked = new HashSet<>(COMMON);
  private boolean ownType;

  LayerConfig(LayerReader reader, JsonObject entry) {
    this.reader = reader;
    this.entry = entry;
    options = entry.object("config");
    if (reader.beforeKeras3()) {
      asked.addAll(OLD_INERT);
    }
  }

  /** The name under which an option stands there; it has been asked for. */
  private String own(String option) {
    String older = reader.beforeKeras3() && !options.has(option) ? OLDER.get(option) : null;
    String own = older != null && options.has(older) ? older : option;
    asked.add(own);
    return own;
  }

  /** Where an option stands, for messages. */
  String place(String option) {
    return options.place(option);
  }

  /** Whether it is a layer made for cuDNN, which knows one kind of gates and one order of their operations. */
  boolean forCudnn() {
    return entry.string("class_name").startsWith("CuDNN");
  }

  /** Whether Keras 1 or 2 wrote it. */
  boolean beforeKeras3() {
    return reader.beforeKeras3();
  }

  /** Whether an option stands there and is not null. */
  boolean has(String option) {
    return !options.isNull(own(option));
  }

  int integer(String option) {
    return options.integer(own(option));
  }

  int integer(String option, int absent) {
    return options.integer(own(option), absent);
  }

  double number(String option) {
    return options.number(own(option));
  }

  double number(String option, double absent) {
    return options.number(own(option), absent);
  }

  boolean bool(String option, boolean absent) {
    return options.bool(own(option), absent);
  }

  Shape shape(String option) {
    return LayerReader.shape(options, own(option));
  }

  /** The seed of random numbers; null if the option holds no number. */
  Long seed() {
    return has("seed") && options.get("seed") instanceof JsonNumber ? (Long) options.longInteger("seed") : null;
  }

  /** What the arrays of an input hold, for layers that are not bound to float32; the given one if it is no name. */
  String type(String absent) {
    ownType = true;
    return options.has("dtype") && options.get("dtype") instanceof JsonString type ? type.value() : absent;
  }

  /** The function of a layer that can have a layer as its activation behind it: linear then. */
  ActivationFunction activation() {
    ActivationFunction function = layerAsFunction("activation");
    return function != null ? function
        : isLayer("activation") ? ActivationFunction.LINEAR : activation("activation", ActivationFunction.LINEAR);
  }

  private boolean isLayer(String option) {
    return has(option) && LayerAsActivation.is(options.get(own(option)));
  }

  /** The function that does what a layer as an activation does; null if there is none, or it is no layer. */
  private ActivationFunction layerAsFunction(String option) {
    return isLayer(option) ? LayerAsActivation.function(LayerAsActivation.read(options.object(option), reader)) : null;
  }

  ActivationFunction activation(String option, ActivationFunction absent) {
    ActivationFunction function = layerAsFunction(option);
    if (function != null) {
      return function;
    }
    if (isLayer(option)) {
      throw new UnsupportedException(place(option) + layer() + " has a layer with options of its own as its activation, which is "
          + "supported where a function does the same: a LeakyReLU with a slope of 0.2, a ReLU with a maximum of 6");
    }
    return ActivationFunctionCodec.read(options, own(option), absent, beforeKeras3() && !forCudnn());
  }

  Initializer initializer(String option, Initializer absent) {
    return RulesReader.initializer(options, own(option), absent);
  }

  /** A regularizer; null for none. */
  Regularizer regularizer(String option) {
    return RulesReader.regularizer(options, own(option));
  }

  /** A constraint; null for none. */
  Constraint constraint(String option) {
    return RulesReader.constraint(options, own(option));
  }

  /** The layer that a wrapper holds under an option. */
  Layer layer(String option) {
    return reader.read(options.object(own(option)));
  }

  /** The cells that stand there, one or a stack, as the recurrent layers that have them. */
  List<Recurrent<?>> cells(String option) {
    JsonObject cell = options.object(own(option));
    List<JsonObject> all = new ArrayList<>();
    if (stacked(option)) {
      JsonArray stack = cell.object("config").array("cells");
      for (int i = 0; i < stack.size(); i++) {
        all.add(stack.object(i));
      }
    } else {
      all.add(cell);
    }
    List<Recurrent<?>> cells = new ArrayList<>();
    for (JsonObject each : all) {
      String type = each.string("class_name");
      String layer = type.endsWith("Cell") ? type.substring(0, type.length() - "Cell".length()) : type;
      if (!LayerCodecs.isRecurrent(layer)) {
        throw new UnsupportedException(each.place() + ": a cell of class " + type + " is not supported; supported are LSTMCell, "
            + "GRUCell, SimpleRNNCell and StackedRNNCells of them");
      }
      cells.add((Recurrent<?>) reader.read(each.with("class_name", layer)));
    }
    return cells;
  }

  /** Whether cells stand there in a stack, be it of one. */
  boolean stacked(String option) {
    return options.object(own(option)).string("class_name").equals("StackedRNNCells");
  }

  /** A whole model that stands there as a layer. */
  Graph model() {
    asked.addAll(options.names());
    return ModelReader.read(entry, reader.kerasVersion());
  }

  /** The given number if the option is missing; see {@link #only(String)}. */
  int only(String option, int absent) {
    return has(option) ? only(option) : absent;
  }

  /** A number, alone or in a list for one axis. */
  int only(String option) {
    if (options.get(own(option)) instanceof JsonArray list) {
      if (list.size() != 1) {
        throw new UnsupportedException(place(option) + ": expected one number, found " + list.size());
      }
      return list.integer(0);
    }
    return integer(option);
  }

  /**
   * What is done before the first step and after the last: two numbers, or one for both; 1 if the option is missing. Keras 1 took
   * them by name, too.
   */
  int[] ends(String option) {
    if (has(option) && options.get(own(option)) instanceof JsonObject named) {
      return new int[] {named.integer("left_pad", 0), named.integer("right_pad", 0)};
    }
    if (has(option) && options.get(own(option)) instanceof JsonArray list && list.size() == 2) {
      return new int[] {list.integer(0), list.integer(1)};
    }
    int both = only(option, 1);
    return new int[] {both, both};
  }

  /** Refuses any other order of axes than (batch, time, features). */
  void channelsLast() {
    if (!text("data_format", "channels_last").equals("channels_last")) {
      throw new UnsupportedException(place("data_format") + layer() + ": only channels_last is supported");
    }
  }

  /** Integers, such as the sizes of a target shape. */
  int[] integers(String option) {
    JsonArray list = options.array(own(option));
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.integer(i);
    }
    return values;
  }

  /** Numbers of axes: one, a list, or none where null stands. */
  int[] axes(String option, int absent) {
    if (!has(option)) {
      return options.has(own(option)) ? new int[0] : new int[] {absent};
    }
    return options.get(own(option)) instanceof JsonArray ? integers(option) : new int[] {integer(option)};
  }

  /** A number, lists of numbers, or what Python wrote for an array of them; null if the option is missing. */
  JsonValue array(String option) {
    JsonValue value = has(option) ? options.get(own(option)) : null;
    if (value instanceof JsonObject array) {
      JsonObject held = array.has("config") ? array.object("config") : array;
      return held.get("value");
    }
    return value;
  }

  /** A number, which Keras 1 and 2 may have written as an array of one. */
  double scalar(String option, double absent) {
    JsonValue value = has(option) ? options.get(own(option)) : null;
    return value instanceof JsonObject array && array.has("value") ? array.number("value") : number(option, absent);
  }

  /** Text, such as a mode. */
  String text(String option, String absent) {
    return has(option) ? options.string(own(option)) : absent;
  }

  /** Options that change nothing here, whatever they say. */
  void inert(String... names) {
    asked.addAll(List.of(names));
  }

  private String layer() {
    return ": layer " + options.string("name", "?");
  }

  /** Refuses layers whose weights are not the plain ones. */
  void refuseQuantised() {
    if (has("quantization_config")) {
      throw new UnsupportedException(place("quantization_config") + layer() + QUANTISED);
    }
    if (has("lora_rank")) {
      throw new UnsupportedException(place("lora_rank") + layer() + " has low-rank weights (LoRA), which Keras has added to "
          + "the kernel in the file: write it without them, n = keras.models.model_from_json(re.sub('\"lora_rank\": [0-9]+', "
          + "'\"lora_rank\": null', m.to_json())); n.load_weights(FILE); n.save('model.keras')");
    }
    inert("lora_alpha");
  }

  /** Refuses options that have not been asked for, unless they say nothing, and number types other than float32. */
  void refuseOthers() {
    for (String name : options.names()) {
      JsonValue value = options.get(name);
      boolean says = !(value instanceof JsonNull) && !(value instanceof JsonBool flag && !flag.value());
      if (says && !asked.contains(name)) {
        throw new UnsupportedException(place(name) + ": the option " + name + " of layer " + options.string("name", "?")
            + " is not supported");
      }
    }
    if (!ownType && has("dtype")) {
      String type = options.get("dtype") instanceof JsonObject policy ? policy.object("config").string("name")
          : options.string("dtype");
      // Keras 2 gave an embedding the type of its ids.
      if (!type.equals("float32") && !(beforeKeras3() && type.startsWith("int"))) {
        if (type.startsWith("int") || type.startsWith("float8")) {
          throw new UnsupportedException(place("dtype") + layer() + QUANTISED);
        }
        throw new UnsupportedException(place("dtype") + layer() + " computes in " + type + "; only float32 is supported: "
            + "write the model anew in it, n = keras.models.model_from_json(m.to_json().replace('" + type + "', 'float32')); "
            + "n.set_weights(m.get_weights()); n.save('model.keras')");
      }
    }
  }
}
