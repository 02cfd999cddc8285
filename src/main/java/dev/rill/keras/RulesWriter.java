package dev.rill.keras;

import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constant;
import dev.rill.variables.Constraint;
import dev.rill.variables.Identity;
import dev.rill.variables.Initializer;
import dev.rill.variables.L1L2;
import dev.rill.variables.MinMaxNorm;
import dev.rill.variables.NonNeg;
import dev.rill.variables.Orthogonal;
import dev.rill.variables.OrthogonalRegularizer;
import dev.rill.variables.RandomNormal;
import dev.rill.variables.RandomUniform;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Seeded;
import dev.rill.variables.TruncatedNormal;
import dev.rill.variables.UnitNorm;
import dev.rill.variables.UnsupportedRule;
import dev.rill.variables.VarianceScaling;

/** What {@link RulesReader} reads, the other way: rules of variables as Keras 3.15 writes them. */
final class RulesWriter {
  private RulesWriter() {}

  static JsonObject initializer(Initializer initializer) {
    if (initializer instanceof Seeded seeded) {
      return initializer(seeded.initializer(), seeded.ownSeed());
    }
    return initializer(initializer, null);
  }

  private static JsonObject initializer(Initializer initializer, Long seed) {
    if (initializer instanceof Constant constant) {
      return constant.value() == 0 ? entry("Zeros", JsonObject.EMPTY)
          : constant.value() == 1 ? entry("Ones", JsonObject.EMPTY)
          : entry("Constant", JsonObject.EMPTY.with("value", constant.value()));
    } else if (initializer instanceof Identity identity) {
      return entry("Identity", JsonObject.EMPTY.with("gain", identity.gain()));
    }
    JsonObject drawn = seed == null ? JsonObject.EMPTY.withNull("seed") : JsonObject.EMPTY.with("seed", JsonNumber.of(seed));
    if (initializer instanceof Orthogonal orthogonal) {
      return entry("Orthogonal", drawn.with("gain", orthogonal.gain()));
    } else if (initializer instanceof RandomUniform uniform) {
      return entry("RandomUniform", drawn.with("minval", uniform.low()).with("maxval", uniform.high()));
    } else if (initializer instanceof RandomNormal normal) {
      return entry("RandomNormal", drawn.with("mean", normal.mean()).with("stddev", normal.deviation()));
    } else if (initializer instanceof TruncatedNormal normal) {
      return entry("TruncatedNormal", drawn.with("mean", normal.mean()).with("stddev", normal.deviation()));
    } else if (initializer instanceof VarianceScaling scaling) {
      return scaling(scaling, drawn.withNull("input_axes", "output_axes"));
    }
    throw refused(initializer);
  }

  private static JsonObject scaling(VarianceScaling scaling, JsonObject drawn) {
    for (String name : new String[] {"GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"}) {
      if (scaling.equals(Initializer.named(name))) {
        return entry(name, drawn);
      }
    }
    String fan = switch (scaling.fan()) {
      case INPUTS -> "fan_in";
      case OUTPUTS -> "fan_out";
      case AVERAGE -> "fan_avg";
    };
    String distribution = switch (scaling.distribution()) {
      case UNIFORM -> "uniform";
      case NORMAL -> "untruncated_normal";
      case TRUNCATED_NORMAL -> "truncated_normal";
    };
    return entry("VarianceScaling", drawn.with("scale", scaling.scale()).with("mode", fan).with("distribution", distribution));
  }

  private static JsonObject entry(String type, JsonObject config) {
    return LayerWriter.entry("keras.initializers", type, config);
  }

  /** A regularizer, null for none. */
  static JsonValue regularizer(Regularizer regularizer) {
    if (regularizer == null) {
      return new JsonNull();
    } else if (regularizer instanceof L1L2 both) {
      String type = both.l2() == 0 ? "L1" : both.l1() == 0 ? "L2" : "L1L2";
      JsonObject config = both.l1() != 0 || both.l2() == 0 ? JsonObject.EMPTY.with("l1", both.l1()) : JsonObject.EMPTY;
      return LayerWriter.entry("keras.regularizers", type, both.l2() == 0 ? config : config.with("l2", both.l2()));
    } else if (regularizer instanceof OrthogonalRegularizer orthogonal) {
      String mode = orthogonal.mode() == OrthogonalRegularizer.Mode.ROWS ? "rows" : "columns";
      return LayerWriter.entry("keras.regularizers", "OrthogonalRegularizer",
          JsonObject.EMPTY.with("factor", orthogonal.factor()).with("mode", mode));
    }
    throw refused(regularizer);
  }

  /** A constraint, null for none. */
  static JsonValue constraint(Constraint constraint) {
    if (constraint == null) {
      return new JsonNull();
    } else if (constraint instanceof MinMaxNorm norm) {
      // Keras' MaxNorm is the case without a lower end.
      return norm.min() == 0 && norm.rate() == 1
          ? LayerWriter.entry("keras.constraints", "MaxNorm", JsonObject.EMPTY.with("max_value", norm.max()).with("axis", norm.axis()))
          : LayerWriter.entry("keras.constraints", "MinMaxNorm", JsonObject.EMPTY.with("min_value", norm.min())
              .with("max_value", norm.max()).with("rate", norm.rate()).with("axis", norm.axis()));
    } else if (constraint instanceof UnitNorm norm) {
      return LayerWriter.entry("keras.constraints", "UnitNorm", JsonObject.EMPTY.with("axis", norm.axis()));
    } else if (constraint instanceof NonNeg) {
      return LayerWriter.entry("keras.constraints", "NonNeg", JsonObject.EMPTY);
    }
    throw refused(constraint);
  }

  private static UnsupportedException refused(Object rule) {
    return new UnsupportedException("cannot be written to a Keras file: "
        + (rule instanceof UnsupportedRule unknown ? unknown.message() : rule.getClass().getSimpleName()));
  }
}
