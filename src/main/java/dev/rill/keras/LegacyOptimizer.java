package dev.rill.keras;

import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adagrad;
import dev.rill.training.Optimizer;
import dev.rill.training.RMSprop;

/**
 * The optimizers that Keras 1 and 2 had, by names and rules that were others then, to those of today that do the same. From 2.11 on
 * Keras 2 has those of Keras 3 beside them. What cannot be carried over is refused by name.
 */
final class LegacyOptimizer {
  /** How Keras 2 marks the classes that Keras 3 has taken over. */
  private static final String NEW = "Custom>";
  private static final String OPTIMIZER = "optimizer";
  private static final String CLASS = "class_name";
  private static final String DECAY = "decay";
  private static final String RATE = "learning_rate";
  private static final String EPSILON = "epsilon";
  private static final String NORM = "clipnorm";

  private LegacyOptimizer() {}

  /** Whether a compile configuration has one of those that Keras 3 has taken over: a {@code .keras} file that only names it does. */
  static boolean isNew(JsonObject compile) {
    return !(compile.get(OPTIMIZER) instanceof JsonObject entry)
        || entry.string(CLASS).startsWith(NEW) || entry.object("config").has("use_ema");
  }

  /**
   * Reads the optimizer of a compile configuration.
   *
   * @param compile with the name of an optimizer, or its class and options
   * @param version of Keras that wrote it
   */
  static Optimizer read(JsonObject compile, LegacyVersion version) {
    if (compile.get(OPTIMIZER) instanceof JsonString named) {
      refuse(named.value(), compile.place(OPTIMIZER));
      return OptimizerReader.read(compile);
    }
    JsonObject entry = compile.object(OPTIMIZER).without("registered_name");
    String name = entry.string(CLASS);
    String type = name.startsWith(NEW) ? name.substring(NEW.length()) : name;
    refuse(type, entry.place(CLASS));
    if (isNew(compile)) {
      return OptimizerReader.ofClass(entry.with(CLASS, type));
    }
    JsonObject options = entry.object("config");
    Optimizer optimizer = OptimizerReader.ofClass(entry.with("config", today(options, version)));
    if (optimizer instanceof RMSprop rms) {
      // TensorFlow's own operation, which is used with momentum, has always had it under the root.
      return rms.epsilonOutsideRoot(rms.momentum() == 0);
    }
    return optimizer instanceof Adagrad adagrad ? adagrad.epsilonOutsideRoot(true) : optimizer;
  }

  private static void refuse(String type, String place) {
    if (type.equalsIgnoreCase("Nadam")) {
      throw new UnsupportedException(place + ": the momentum of Nadam went another way in Keras 1 and 2, up to 2.10 "
          + "by its rule, then from a file on: call compile to train with today's");
    }
  }

  private static JsonObject today(JsonObject options, LegacyVersion version) {
    JsonObject own = options.has("lr") ? options.without("lr").with(RATE, options.get("lr")) : options;
    // Both mean the default.
    boolean none = own.isNull(EPSILON) || !version.standalone() && own.number(EPSILON) == 0;
    own = none ? own.without(EPSILON) : own;
    // Before there was an option for it.
    own = own.has("initial_accumulator_value") ? own : own.with("initial_accumulator_value", 0.0);
    if (!own.isNull(NORM) && !own.isNull("clipvalue")) {
      throw new UnsupportedException(own.place(NORM) + ": a gradient that is clipped by norm and by value is not supported: call "
          + "compile with one of the two");
    }
    if (version.standalone() && !own.isNull(NORM)) {
      // The norm was that of all variables together.
      own = own.with("global_clipnorm", own.get(NORM)).without(NORM);
    }
    double decay = own.number(DECAY, 0);
    return decay > 0 ? own.with(RATE, decaying(own, decay)) : own;
  }

  /** {@code rate / (1 + decay iterations)}. */
  private static JsonObject decaying(JsonObject options, double decay) {
    if (!(options.get(RATE) instanceof JsonNumber)) {
      throw new UnsupportedException(options.place(DECAY) + ": a decay on top of a schedule is not supported: call compile with one "
          + "schedule");
    }
    return JsonObject.EMPTY.with(CLASS, "InverseTimeDecay").with("config", JsonObject.EMPTY
        .with("initial_learning_rate", options.number(RATE)).with("decay_steps", 1).with("decay_rate", decay));
  }
}
