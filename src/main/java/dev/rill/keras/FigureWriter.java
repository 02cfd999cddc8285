package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Accuracy;
import dev.rill.training.BinaryCrossentropy;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Huber;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.SparseCategoricalCrossentropy;
import dev.rill.training.TopK;

/** What {@link FigureReader} reads, the other way: one loss or metric as Keras 3.15 writes it. */
final class FigureWriter {
  private FigureWriter() {}

  static JsonObject loss(Loss loss) {
    JsonObject config = JsonObject.EMPTY.with("name", loss instanceof Huber ? "huber_loss" : loss.kerasName())
        .with("reduction", loss.reduction().kerasName());
    if (loss instanceof CategoricalCrossentropy || loss instanceof BinaryCrossentropy) {
      config = options(loss, config).with("axis", -1);
    } else {
      config = options(loss, config);
    }
    return LayerWriter.entry("keras.losses", loss.className(), config);
  }

  private static JsonObject options(Loss loss, JsonObject config) {
    if (loss instanceof CategoricalCrossentropy c) {
      return config.with("from_logits", c.fromLogits()).with("label_smoothing", c.labelSmoothing());
    } else if (loss instanceof BinaryCrossentropy c) {
      return config.with("from_logits", c.fromLogits()).with("label_smoothing", c.labelSmoothing());
    } else if (loss instanceof SparseCategoricalCrossentropy c) {
      return config.with("from_logits", c.fromLogits()).withNull("ignore_class");
    }
    // Keras 3.15.1 forgets it when it saves, but takes it when it loads.
    return loss instanceof Huber huber ? config.with("delta", huber.delta()) : config;
  }

  static JsonValue metric(Metric metric) {
    if (metric instanceof Accuracy accuracy && accuracy.byShape()) {
      if (!metric.name().equals("accuracy") && !metric.name().equals("acc")) {
        throw new UnsupportedException("metric " + metric.name() + ": Keras tells the kind of an accuracy from shapes only where "
            + "it is called accuracy or acc; ask for binary_accuracy, categorical_accuracy or sparse_categorical_accuracy");
      }
      return new JsonString(metric.name());
    }
    String className = metric.className();
    if (CountingMetrics.has(className)) {
      return LayerWriter.entry("keras.metrics", className, CountingMetrics.write(metric));
    }
    JsonObject config = JsonObject.EMPTY.with("name", metric.name()).with("dtype", "float32");
    if (metric instanceof Accuracy accuracy && className.equals("BinaryAccuracy")) {
      config = config.with("threshold", accuracy.threshold());
    } else if (metric instanceof TopK top) {
      config = config.with("k", top.k());
    } else if (metric.loss() instanceof Huber) {
      // The one loss that Keras has no class of metrics for.
      className = "MeanMetricWrapper";
      config = options(metric.loss(), config.with("fn", JsonObject.EMPTY.with("module", "builtins").with("class_name", "function")
          .with("config", "huber").with("registered_name", "function")));
    } else if (metric.loss() != null) {
      config = options(metric.loss(), config);
      config = metric.loss() instanceof CategoricalCrossentropy || metric.loss() instanceof SparseCategoricalCrossentropy
          ? config.with("axis", -1) : config;
    }
    return LayerWriter.entry("keras.metrics", className, config);
  }
}
