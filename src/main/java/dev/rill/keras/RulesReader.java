package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constant;
import dev.rill.variables.Constraint;
import dev.rill.variables.Identity;
import dev.rill.variables.Initializer;
import dev.rill.variables.L1L2;
import dev.rill.variables.MinMaxNorm;
import dev.rill.variables.Orthogonal;
import dev.rill.variables.OrthogonalRegularizer;
import dev.rill.variables.RandomNormal;
import dev.rill.variables.RandomUniform;
import dev.rill.variables.Regularizer;
import dev.rill.variables.TruncatedNormal;
import dev.rill.variables.UnitNorm;
import dev.rill.variables.UnsupportedRule;
import dev.rill.variables.VarianceScaling;

/**
 * Initializers, regularizers and constraints of a layer's configuration to their descriptions. None of them matters to a model
 * that is only served, so whatever is unknown or wrong here becomes an {@link UnsupportedRule}, which refuses when it is needed.
 */
final class RulesReader {
  private RulesReader() {}

  /** An initializer; the given one if the option is missing. */
  static Initializer initializer(JsonObject config, String option, Initializer absent) {
    if (!config.has(option)) {
      return absent;
    }
    if (config.isNull(option)) {
      // What Keras takes for a variable of floats without an initializer.
      return Initializer.glorotUniform();
    }
    try {
      if (config.get(option) instanceof JsonString name) {
        return Initializer.named(name.value());
      }
      JsonObject own = options(config, option);
      Initializer initializer = initializer(className(config, option), own);
      boolean seeded = own.has("seed") && own.get("seed") instanceof JsonNumber;
      return seeded ? initializer.seed(own.longInteger("seed")) : initializer;
    } catch (RillException e) {
      return unsupported(config, option, e);
    }
  }

  private static Initializer initializer(String name, JsonObject own) {
    switch (name) {
      case "Constant":
        return new Constant(own.number("value", 0));
      case "Orthogonal", "OrthogonalInitializer":
        return new Orthogonal(own.number("gain", 1));
      case "Identity", "IdentityInitializer":
        return new Identity(own.number("gain", 1));
      case "RandomUniform":
        return new RandomUniform(own.number("minval", -0.05), own.number("maxval", 0.05));
      case "RandomNormal":
        return new RandomNormal(own.number("mean", 0), own.number("stddev", 0.05));
      case "TruncatedNormal":
        return new TruncatedNormal(own.number("mean", 0), own.number("stddev", 0.05));
      default:
        for (String axes : new String[] {"input_axes", "output_axes"}) {
          if (own.has(axes) && !own.isNull(axes)) {
            throw new UnsupportedException(axes + " of an initializer are not supported");
          }
        }
        return name.equals("VarianceScaling") ? scaling(own) : Initializer.named(name);
    }
  }

  private static VarianceScaling scaling(JsonObject own) {
    VarianceScaling.Fan fan = switch (own.string("mode", "fan_in")) {
      case "fan_in" -> VarianceScaling.Fan.INPUTS;
      case "fan_out" -> VarianceScaling.Fan.OUTPUTS;
      case "fan_avg" -> VarianceScaling.Fan.AVERAGE;
      default -> throw wrong(own, "mode", "fan_in, fan_out or fan_avg");
    };
    VarianceScaling.Distribution distribution = switch (own.string("distribution", "truncated_normal")) {
      case "uniform" -> VarianceScaling.Distribution.UNIFORM;
      case "normal", "truncated_normal" -> VarianceScaling.Distribution.TRUNCATED_NORMAL;
      case "untruncated_normal" -> VarianceScaling.Distribution.NORMAL;
      default -> throw wrong(own, "distribution", "uniform, truncated_normal or untruncated_normal");
    };
    return new VarianceScaling(own.number("scale", 1), fan, distribution);
  }

  /** A regularizer; null for none. */
  static Regularizer regularizer(JsonObject config, String option) {
    if (!config.has(option) || config.isNull(option)) {
      return null;
    }
    try {
      if (config.get(option) instanceof JsonString name) {
        return Regularizer.named(name.value());
      }
      JsonObject own = options(config, option);
      String name = className(config, option);
      switch (name) {
        case "L1":
          return Regularizer.l1(own.number("l1", 0.01));
        case "L2":
          return Regularizer.l2(own.number("l2", 0.01));
        case "L1L2", "L1L2Regularizer", "WeightRegularizer":
          return new L1L2(own.number("l1", 0), own.number("l2", 0));
        case "OrthogonalRegularizer":
          return new OrthogonalRegularizer(own.number("factor", 0.01), mode(own));
        default:
          return Regularizer.named(name);
      }
    } catch (RillException e) {
      return unsupported(config, option, e);
    }
  }

  private static OrthogonalRegularizer.Mode mode(JsonObject own) {
    return switch (own.string("mode", "rows")) {
      case "rows" -> OrthogonalRegularizer.Mode.ROWS;
      case "columns" -> OrthogonalRegularizer.Mode.COLUMNS;
      default -> throw wrong(own, "mode", "rows or columns");
    };
  }

  /** A constraint; null for none. */
  static Constraint constraint(JsonObject config, String option) {
    if (!config.has(option) || config.isNull(option)) {
      return null;
    }
    try {
      if (config.get(option) instanceof JsonString name) {
        return Constraint.named(name.value());
      }
      JsonObject own = options(config, option);
      String name = className(config, option);
      switch (name) {
        case "MaxNorm":
          return new MinMaxNorm(0, own.number(own.has("m") ? "m" : "max_value", 2), 1, axis(own));
        case "MinMaxNorm":
          return new MinMaxNorm(own.number(own.has("low") ? "low" : "min_value", 0),
              own.number(own.has("high") ? "high" : "max_value", 1), own.number("rate", 1), axis(own));
        case "UnitNorm":
          return new UnitNorm(axis(own));
        default:
          return Constraint.named(name);
      }
    } catch (RillException e) {
      return unsupported(config, option, e);
    }
  }

  /** One axis, alone or in a list. */
  private static int axis(JsonObject own) {
    if (own.has("axis") && own.get("axis") instanceof JsonArray axes) {
      if (axes.size() != 1) {
        throw new UnsupportedException("norms along " + axes.size() + " axes are not supported");
      }
      return axes.integer(0);
    }
    return own.integer("axis", 0);
  }

  /** The class of a rule; one of the user's own counts under its registered name, whatever its class is called. */
  private static String className(JsonObject config, String option) {
    JsonObject entry = config.object(option);
    if (isOfKeras1(entry)) {
      return entry.string("name");
    }
    boolean own = entry.has("registered_name") && !entry.isNull("registered_name");
    return entry.string(own ? "registered_name" : "class_name");
  }

  /** There the class stood among the options of a rule, as its name. */
  private static boolean isOfKeras1(JsonObject entry) {
    return !entry.has("class_name") && entry.has("name");
  }

  private static JsonObject options(JsonObject config, String option) {
    if (isOfKeras1(config.object(option))) {
      return config.object(option);
    }
    JsonValue own = config.object(option).has("config") ? config.object(option).get("config") : JsonObject.EMPTY;
    return own instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  private static FormatException wrong(JsonObject own, String option, String expected) {
    return new FormatException("expected " + expected + ", found " + own.string(option));
  }

  private static UnsupportedRule unsupported(JsonObject config, String option, RillException cause) {
    return new UnsupportedRule(config.place(option) + ": " + cause.getMessage());
  }
}
