package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.NormalizationLayer;

/** What the file forms of batch and layer normalization have in common. */
interface NormalizationLayerCodec<L extends NormalizationLayer<L>> extends LayerCodec<L> {
  /** A layer with the options that both have. */
  default L options(L layer, LayerConfig config) {
    return layer.epsilon(config.number("epsilon", layer.epsilon()))
        .center(config.bool("center", true)).scale(config.bool("scale", true))
        .gamma(config.initializer("gamma_initializer", layer.gammaRules().initializer()),
            config.regularizer("gamma_regularizer"), config.constraint("gamma_constraint"))
        .beta(config.initializer("beta_initializer", layer.betaRules().initializer()),
            config.regularizer("beta_regularizer"), config.constraint("beta_constraint"))
        .trainable(config.bool("trainable", true));
  }

  /** How gamma and beta start. */
  default JsonObject initializers(JsonObject config, L layer) {
    return config.with("beta_initializer", RulesWriter.initializer(layer.betaRules().initializer()))
        .with("gamma_initializer", RulesWriter.initializer(layer.gammaRules().initializer()));
  }

  /** What gamma and beta are held to. */
  default JsonObject rules(JsonObject config, L layer) {
    return config.with("beta_regularizer", RulesWriter.regularizer(layer.betaRules().regularizer()))
        .with("gamma_regularizer", RulesWriter.regularizer(layer.gammaRules().regularizer()))
        .with("beta_constraint", RulesWriter.constraint(layer.betaRules().constraint()))
        .with("gamma_constraint", RulesWriter.constraint(layer.gammaRules().constraint()));
  }
}
