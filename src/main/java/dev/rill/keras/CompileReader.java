package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.AdamW;
import dev.rill.training.BinaryCrossentropy;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Huber;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Nadam;
import dev.rill.training.Optimizer;
import dev.rill.training.RMSprop;
import dev.rill.training.Reduction;
import dev.rill.training.SGD;
import dev.rill.training.Schedule;
import dev.rill.training.SparseCategoricalCrossentropy;
import java.util.ArrayList;
import java.util.List;

/** A model's compile configuration to optimizer, losses and metrics. What cannot be carried over is refused by name. */
final class CompileReader {
  private static final double DEFAULT_RATE = 0.001;

  private CompileReader() {}

  /** How a model says it was compiled; null if it was not. */
  static JsonObject config(JsonObject model) {
    boolean compiled = model.has("compile_config") && model.get("compile_config") instanceof JsonObject with
        && with.has("optimizer");
    return compiled ? model.object("compile_config") : null;
  }

  static KerasFile.Compiled read(JsonObject model) {
    JsonObject config = config(model);
    if (config == null) {
      throw new RillException("the file was saved without a compile configuration: call compile before training");
    }
    refuseLayerRules(model);
    for (String name : new String[] {"loss_weights", "weighted_metrics"}) {
      if (config.has(name) && !config.isNull(name)) {
        throw new UnsupportedException(config.place(name) + ": " + name + " are not supported");
      }
    }
    List<Loss> losses = new ArrayList<>();
    for (JsonValue value : several(config, "loss")) {
      losses.add(loss(value, config));
    }
    List<Metric> metrics = new ArrayList<>();
    for (JsonValue value : several(config, "metrics")) {
      metrics.add(metric(value, config));
    }
    return new KerasFile.Compiled(optimizer(config), losses, metrics);
  }

  /** What Rill's layers do not carry over and training would have to follow: to ignore it would give other weights than Keras. */
  private static void refuseLayerRules(JsonObject model) {
    JsonObject config = model.object("config");
    if (!config.bool("trainable", true)) {
      throw new UnsupportedException(config.place("trainable") + ": a model that is not trainable as a whole is not supported; "
          + "make its layers not trainable");
    }
    JsonArray layers = config.array("layers");
    for (int i = 0; i < layers.size(); i++) {
      JsonObject layer = layers.object(i).object("config");
      if (!LayerReader.readsRules(layers.object(i).string("class_name"))) {
        refuseRules(layer);
      }
    }
  }

  private static void refuseRules(JsonObject config) {
    for (String name : config.names()) {
      if ((name.endsWith("_regularizer") || name.endsWith("_constraint")) && !config.isNull(name)) {
        throw new UnsupportedException(config.place(name) + ": training with a " + name + " is not supported here");
      }
    }
  }

  private static List<JsonValue> several(JsonObject config, String name) {
    List<JsonValue> all = new ArrayList<>();
    if (!config.has(name) || config.isNull(name)) {
      return all;
    }
    if (config.get(name) instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        all.add(array.get(i));
      }
    } else {
      all.add(config.get(name));
    }
    return all;
  }

  private static Optimizer optimizer(JsonObject config) {
    if (config.get("optimizer") instanceof JsonString name) {
      return Optimizer.named(name.value());
    }
    JsonObject entry = config.object("optimizer");
    JsonObject o = entry.object("config");
    if (o.bool("use_ema", false) || o.has("gradient_accumulation_steps") && !o.isNull("gradient_accumulation_steps")) {
      throw new UnsupportedException(o.place() + ": averaged weights and accumulated gradients are not supported");
    }
    Schedule schedule = o.get("learning_rate") instanceof JsonObject s ? schedule(s) : null;
    double rate = schedule == null ? o.number("learning_rate", DEFAULT_RATE) : 0;
    Optimizer optimizer;
    switch (entry.string("class_name")) {
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
      case "Adagrad":
        optimizer = new Adagrad(rate, o.number("initial_accumulator_value", 0.1), o.number("epsilon", 1e-7));
        break;
      default:
        throw new UnsupportedException(entry.place("class_name") + ": optimizer " + entry.string("class_name")
            + " is not supported; supported are SGD, RMSprop, Adam, AdamW, Nadam and Adagrad");
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
    JsonObject s = entry.object("config");
    switch (entry.string("class_name")) {
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
        throw new UnsupportedException(entry.place("class_name") + ": the schedule " + entry.string("class_name")
            + " is not supported");
    }
  }

  private static Loss loss(JsonValue value, JsonObject config) {
    if (value instanceof JsonString name) {
      return Loss.named(name.value());
    }
    if (!(value instanceof JsonObject entry)) {
      throw new UnsupportedException(config.place("loss") + ": expected a name or a loss, found " + value.describe());
    }
    String type = entry.string("class_name");
    JsonObject c = entry.get("config") instanceof JsonObject object ? object : null;
    if (c == null) {
      return Loss.named(entry.string("config"));
    }
    return loss(type, c).reduction(Reduction.named(c.string("reduction", "sum_over_batch_size")));
  }

  private static Loss loss(String type, JsonObject c) {
    boolean logits = c.bool("from_logits", false);
    double smoothing = c.number("label_smoothing", 0);
    switch (type) {
      case "CategoricalCrossentropy":
        return new CategoricalCrossentropy(logits, smoothing);
      case "SparseCategoricalCrossentropy":
        if (c.has("ignore_class") && !c.isNull("ignore_class")) {
          throw new UnsupportedException(c.place("ignore_class") + ": a class to ignore is not supported");
        }
        return new SparseCategoricalCrossentropy(logits);
      case "BinaryCrossentropy":
        return new BinaryCrossentropy(logits, smoothing);
      case "Huber":
        return new Huber(c.number("delta", 1));
      default:
        return Loss.named(type);
    }
  }

  private static Metric metric(JsonValue value, JsonObject config) {
    if (value instanceof JsonString name) {
      return Metric.named(name.value());
    }
    if (!(value instanceof JsonObject entry) || !(entry.get("config") instanceof JsonObject c)) {
      throw new UnsupportedException(config.place("metrics") + ": expected a name or a metric, found " + value.describe());
    }
    return metric(entry.string("class_name"), c).called(c.string("name"));
  }

  private static Metric metric(String type, JsonObject c) {
    switch (type) {
      case "TopKCategoricalAccuracy":
        return Metric.topK(c.integer("k", 5));
      case "SparseTopKCategoricalAccuracy":
        return Metric.sparseTopK(c.integer("k", 5));
      case "BinaryAccuracy":
        return Metric.binaryAccuracy(c.number("threshold", 0.5));
      default:
        return Metric.named(type);
    }
  }
}
