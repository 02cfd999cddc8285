package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.AdamW;
import dev.rill.training.Nadam;
import dev.rill.training.Optimizer;
import dev.rill.training.RMSprop;
import dev.rill.training.SGD;
import dev.rill.training.Schedule;
import java.util.List;

/** The configuration of an optimizer, and of its schedule. What cannot be carried over is refused by name. */
final class OptimizerReader {
  private static final double DEFAULT_RATE = 0.001;
  private static final List<String> KNOWN = List.of("SGD", "RMSprop", "Adam", "AdamW", "Nadam", "Adagrad");
  private static final String SCALE = "LossScaleOptimizer";
  /** Its own: iterations, a learning rate, a counter of steps and the scale. */
  static final int SCALE_VARIABLES = 4;

  private OptimizerReader() {}

  /** Whether a compile configuration has an optimizer around another one that only scales the loss: in float32 by 1, here. */
  static boolean scales(JsonObject config) {
    return config.get("optimizer") instanceof JsonObject && className(config.object("optimizer")).equals(SCALE);
  }

  /** The optimizer inside of such a one. */
  static JsonObject inner(JsonObject config) {
    return config.object("optimizer").object("config").object("inner_optimizer");
  }

  /** The class of an optimizer or schedule; one of the user's own counts under its registered name, whatever it is called. */
  private static String className(JsonObject entry) {
    boolean own = entry.has("registered_name") && !entry.isNull("registered_name");
    return entry.string(own ? "registered_name" : "class_name");
  }

  /** The optimizer of a compile configuration. */
  static Optimizer read(JsonObject config) {
    if (config.get("optimizer") instanceof JsonString name) {
      return Optimizer.named(name.value());
    }
    return ofClass(config.object("optimizer"));
  }

  /** An optimizer that is described by its class and options. */
  static Optimizer ofClass(JsonObject entry) {
    String type = className(entry);
    // What is around an optimizer has none of its options, so the class comes first.
    if (!KNOWN.contains(type)) {
      throw new UnsupportedException(entry.place("class_name") + ": optimizer " + type + " is not supported; supported are "
          + String.join(", ", KNOWN));
    }
    JsonObject o = entry.object("config");
    if (o.bool("use_ema", false) || o.has("gradient_accumulation_steps") && !o.isNull("gradient_accumulation_steps")) {
      throw new UnsupportedException(o.place() + ": averaged weights and accumulated gradients are not supported");
    }
    Schedule schedule = o.has("learning_rate") && o.get("learning_rate") instanceof JsonObject s ? schedule(s) : null;
    double rate = schedule == null ? o.number("learning_rate", DEFAULT_RATE) : 0;
    Optimizer optimizer;
    switch (type) {
      case "SGD":
        optimizer = new SGD(rate, o.number("momentum", 0), o.bool("nesterov", false));
        break;
      case "RMSprop":
        optimizer = new RMSprop(rate, o.number("rho", 0.9), o.number("momentum", 0), o.number("epsilon", 1e-7),
            o.bool("centered", false));
        break;
      case "AdamW":
        optimizer = new AdamW(rate, 0.004, o.number("beta_1", 0.9), o.number("beta_2", 0.999),
            o.number("epsilon", 1e-7), o.bool("amsgrad", false));
        break;
      case "Adam":
        optimizer = new Adam(rate, o.number("beta_1", 0.9), o.number("beta_2", 0.999), o.number("epsilon", 1e-7),
            o.bool("amsgrad", false));
        break;
      case "Nadam":
        optimizer = new Nadam(rate, o.number("beta_1", 0.9), o.number("beta_2", 0.999), o.number("epsilon", 1e-7));
        break;
      default:
        optimizer = new Adagrad(rate, o.number("initial_accumulator_value", 0.1), o.number("epsilon", 1e-7));
    }
    if (schedule != null) {
      optimizer = optimizer.schedule(schedule);
    }
    if (o.has("weight_decay")) {
      optimizer = optimizer.weightDecay(option(o, "weight_decay"));
    }
    return optimizer.clipValue(option(o, "clipvalue"))
        .clipNorm(option(o, "clipnorm")).globalClipNorm(option(o, "global_clipnorm"));
  }

  private static double option(JsonObject config, String name) {
    return config.has(name) && !config.isNull(name) ? config.number(name) : 0;
  }

  private static Schedule schedule(JsonObject entry) {
    String type = className(entry);
    JsonObject s = entry.object("config");
    switch (type) {
      case "ExponentialDecay":
        return Schedule.exponential(s.number("initial_learning_rate"), s.integer("decay_steps"), s.number("decay_rate"),
            s.bool("staircase", false));
      case "InverseTimeDecay":
        return Schedule.inverseTime(s.number("initial_learning_rate"), s.integer("decay_steps"), s.number("decay_rate"),
            s.bool("staircase", false));
      case "PolynomialDecay":
        return Schedule.polynomial(s.number("initial_learning_rate"), s.integer("decay_steps"),
            s.number("end_learning_rate", 1e-4), s.number("power", 1), s.bool("cycle", false));
      case "PiecewiseConstantDecay":
        JsonArray ends = s.array("boundaries");
        JsonArray values = s.array("values");
        long[] boundaries = new long[ends.size()];
        double[] rates = new double[values.size()];
        for (int i = 0; i < boundaries.length; i++) {
          boundaries[i] = (long) ends.number(i);
        }
        for (int i = 0; i < rates.length; i++) {
          rates[i] = values.number(i);
        }
        return Schedule.piecewise(boundaries, rates);
      case "CosineDecay":
        boolean warms = s.has("warmup_target") && !s.isNull("warmup_target");
        return Schedule.cosine(s.number("initial_learning_rate"), s.integer("decay_steps"), s.number("alpha", 0),
            warms ? s.number("warmup_target") : null, warms ? s.integer("warmup_steps") : 0);
      case "CosineDecayRestarts":
        return Schedule.cosineRestarts(s.number("initial_learning_rate"), s.integer("first_decay_steps"),
            s.number("t_mul", 2), s.number("m_mul", 1), s.number("alpha", 0));
      default:
        throw new UnsupportedException(entry.place("class_name") + ": the schedule " + type + " is not supported");
    }
  }
}
