package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.BatchNormalization;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** The file form of {@link BatchNormalization}. */
final class BatchNormalizationCodec implements NormalizationLayerCodec<BatchNormalization> {
  @Override
  public BatchNormalization read(LayerConfig config) {
    if (config.bool("renorm", false)) {
      throw new UnsupportedException(config.place("renorm") + ": batch renormalization is not supported; at inference it is the "
          + "same as without: save the layer with renorm=False");
    }
    if (config.beforeKeras3() && config.integer("mode", 0) != 0) {
      throw new UnsupportedException(config.place("mode") + ": a BatchNormalization of Keras 1 of mode " + config.integer("mode")
          + " is not supported: mode 1 normalizes each sample alone, mode 2 by the batch that is to be predicted; build the model with "
          + "a LayerNormalization or with mode 0 and train it anew");
    }
    // Devices that average together, and what only renormalization reads; the others were options of Keras 1.
    config.inert("synchronized", "renorm_clipping", "renorm_momentum", "virtual_batch_size", "fused", "beta_init",
        "gamma_init");
    BatchNormalization layer = new BatchNormalization();
    return options(layer, config).axis(config.only("axis", -1)).momentum(config.number("momentum", layer.momentum()))
        .movingInitializers(config.initializer("moving_mean_initializer", layer.movingMeanInitializer()),
            config.initializer("moving_variance_initializer", layer.movingVarianceInitializer()));
  }

  @Override
  public JsonObject write(BatchNormalization layer, List<Shape> inputs) {
    JsonObject first = LayerWriter.common(layer).with("axis", layer.axis()).with("momentum", layer.momentum())
        .with("epsilon", layer.epsilon()).with("center", layer.center()).with("scale", layer.scale());
    JsonObject middle = initializers(first, layer)
        .with("moving_mean_initializer", RulesWriter.initializer(layer.movingMeanInitializer()))
        .with("moving_variance_initializer", RulesWriter.initializer(layer.movingVarianceInitializer()));
    return rules(middle, layer).with("synchronized", false).with("renorm", false).withNull("renorm_clipping")
        .with("renorm_momentum", 0.99);
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("mask", mask);
  }
}
