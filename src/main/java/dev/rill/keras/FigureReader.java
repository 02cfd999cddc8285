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
    return loss(entry.string("class_name"), config)
        .reduction(Reduction.named(config.string("reduction", "sum_over_batch_size")));
  }

  private static Loss loss(String type, JsonObject c) {
    boolean logits = c.bool("from_logits", false);
    double smoothing = c.number("label_smoothing", 0);
    if (c.integer("axis", -1) != -1) {
      throw new UnsupportedException(c.place("axis") + ": classes along another axis than the last are not supported");
    }
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
    return metric(entry.string("class_name"), config).called(config.string("name"));
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
        return Metric.named(type);
    }
  }

  private static Loss function(JsonObject c) {
    String name = c.object("fn").string("config");
    return name.equals("huber") ? new Huber(c.number("delta", 1)) : Loss.named(name);
  }
}
