package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.BinaryCrossentropy;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Huber;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Reduction;
import dev.rill.training.SparseCategoricalCrossentropy;

/** One loss or one metric as a compile configuration has it: a name, or a class with its options. */
final class FigureReader {
  private FigureReader() {}

  /** Whether an object is a loss or metric, rather than several by the names of outputs. */
  static boolean isOne(JsonObject value) {
    return value.has("class_name") && value.has("config");
  }

  static Loss loss(JsonValue value, String place) {
    if (value instanceof JsonString name) {
      return Loss.named(name.value());
    }
    if (!(value instanceof JsonObject entry) || !isOne(entry)) {
      throw new UnsupportedException(place + ": expected a name or a loss, found " + value.describe());
    }
    if (!(entry.get("config") instanceof JsonObject config)) {
      return Loss.named(entry.string("config"));
    }
    Loss loss = loss(className(entry), config);
    return loss.reduction(Reduction.named(config.string("reduction", "sum_over_batch_size")));
  }

  /** The class of a loss or metric; one of the user's own counts under its registered name, whatever it is called. */
  private static String className(JsonObject entry) {
    boolean own = entry.has("registered_name") && !entry.isNull("registered_name");
    return entry.string(own ? "registered_name" : "class_name");
  }

  private static Loss loss(String type, JsonObject c) {
    switch (type) {
      case "CategoricalCrossentropy":
        refuseAxis(c);
        return new CategoricalCrossentropy(c.bool("from_logits", false), c.number("label_smoothing", 0));
      case "SparseCategoricalCrossentropy":
        refuseAxis(c);
        if (c.has("ignore_class") && !c.isNull("ignore_class")) {
          throw new UnsupportedException(c.place("ignore_class") + ": a class to ignore is not supported");
        }
        return new SparseCategoricalCrossentropy(c.bool("from_logits", false));
      case "BinaryCrossentropy":
        refuseAxis(c);
        return new BinaryCrossentropy(c.bool("from_logits", false), c.number("label_smoothing", 0));
      case "Huber":
        return new Huber(c.number("delta", 1));
      case "CosineSimilarity":
        refuseAxis(c);
        return Loss.named(type);
      default:
        return Loss.named(type);
    }
  }

  private static void refuseAxis(JsonObject c) {
    if (c.integer("axis", -1) != -1) {
      throw new UnsupportedException(c.place("axis") + ": classes along another axis than the last are not supported");
    }
  }

  static Metric metric(JsonValue value, String place) {
    if (value instanceof JsonString name) {
      return Metric.named(name.value());
    }
    if (!(value instanceof JsonObject entry) || !isOne(entry)) {
      throw new UnsupportedException(place + ": expected a name or a metric, found " + value.describe());
    }
    if (!(entry.get("config") instanceof JsonObject config)) {
      return Metric.named(entry.string("config"));
    }
    Metric metric = metric(className(entry), config);
    return metric.called(config.string("name"));
  }

  private static Metric metric(String type, JsonObject c) {
    switch (type) {
      case "TopKCategoricalAccuracy":
        return Metric.topK(c.integer("k", 5));
      case "SparseTopKCategoricalAccuracy":
        return Metric.sparseTopK(c.integer("k", 5));
      case "BinaryAccuracy":
        return Metric.binaryAccuracy(c.number("threshold", 0.5));
      case "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy", "Huber":
        return Metric.of(loss(type, c));
      case "LogCoshError":
        return Metric.of(Loss.named("log_cosh"));
      case "MeanMetricWrapper":
        // A loss that Keras has no class of metrics for.
        return Metric.of(function(c));
      default:
        return CountingMetrics.has(type) ? CountingMetrics.read(type, c) : Metric.named(type);
    }
  }

  private static Loss function(JsonObject c) {
    String name = c.object("fn").string("config");
    return name.equals("huber") ? new Huber(c.number("delta", 1)) : Loss.named(name);
  }
}
