package dev.rill.keras;

import dev.rill.io.JsonBool;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Layer;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import java.util.HashSet;
import java.util.Set;

/**
 * The configuration of a layer while a {@link LayerCodec} reads it: its options, and which version of Keras wrote them. It
 * knows which options have been asked for and refuses the others in the end, unless they say nothing.
 */
final class LayerConfig {
  /** Every layer may have these; those that a codec does not ask for matter in training at most. */
  private static final Set<String> COMMON = Set.of("name", "trainable", "dtype", "activity_regularizer", "batch_input_shape");

  private final LayerReader reader;
  private final JsonObject options;
  private final Set<String> asked = new HashSet<>(COMMON);
  private boolean ownType;

  LayerConfig(LayerReader reader, JsonObject options) {
    this.reader = reader;
    this.options = options;
  }

  /** The options, one of which is asked for. */
  private JsonObject ask(String option) {
    asked.add(option);
    return options;
  }

  /** Where an option stands, for messages. */
  String place(String option) {
    return options.place(option);
  }

  /** Whether Keras 1 or 2 wrote it. */
  boolean beforeKeras3() {
    return reader.beforeKeras3();
  }

  /** Whether an option stands there and is not null. */
  boolean has(String option) {
    return !ask(option).isNull(option);
  }

  int integer(String option) {
    return ask(option).integer(option);
  }

  int integer(String option, int absent) {
    return ask(option).integer(option, absent);
  }

  double number(String option) {
    return ask(option).number(option);
  }

  double number(String option, double absent) {
    return ask(option).number(option, absent);
  }

  boolean bool(String option, boolean absent) {
    return ask(option).bool(option, absent);
  }

  Shape shape(String option) {
    return LayerReader.shape(ask(option), option);
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

  ActivationFunction activation(String option, ActivationFunction absent) {
    return ActivationFunctionCodec.read(ask(option), option, absent, beforeKeras3());
  }

  Initializer initializer(String option, Initializer absent) {
    return RulesReader.initializer(ask(option), option, absent);
  }

  /** A regularizer; null for none. */
  Regularizer regularizer(String option) {
    return RulesReader.regularizer(ask(option), option);
  }

  /** A constraint; null for none. */
  Constraint constraint(String option) {
    return RulesReader.constraint(ask(option), option);
  }

  /** The layer that a wrapper holds under an option. */
  Layer layer(String option) {
    return reader.read(ask(option).object(option));
  }

  /** Options that change nothing here, whatever they say. */
  void inert(String... names) {
    for (String name : names) {
      asked.add(name);
    }
  }

  /** Refuses layers whose weights are not the plain ones. */
  void refuseQuantised() {
    for (String option : new String[] {"quantization_config", "lora_rank"}) {
      if (has(option)) {
        throw new UnsupportedException(place(option) + ": quantised and low-rank layers are not supported");
      }
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
      if (!type.equals("float32")) {
        throw new UnsupportedException(place("dtype") + ": layer " + options.string("name", "?") + " computes in " + type
            + "; only float32 is supported");
      }
    }
  }
}
