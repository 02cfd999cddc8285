package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Embedding;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Embedding}. */
final class EmbeddingCodec implements LayerCodec<Embedding> {
  @Override
  public Embedding read(LayerConfig config) {
    config.refuseQuantised();
    // The input says how long it is. Keras 1 could drop ids, in training, which Keras 2 leaves out of files of Keras 1, too.
    config.inert("input_length", "dropout");
    Embedding layer = new Embedding(config.integer("input_dim"), config.integer("output_dim"));
    return layer.maskZero(config.bool("mask_zero", false))
        .embeddingsInitializer(config.initializer("embeddings_initializer", layer.embeddingsRules().initializer()))
        .embeddingsRegularizer(config.regularizer("embeddings_regularizer"))
        .embeddingsConstraint(config.constraint("embeddings_constraint"))
        .activityRegularizer(config.regularizer("activity_regularizer"))
        .trainable(config.bool("trainable", true));
  }

  @Override
  public JsonObject write(Embedding layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("input_dim", layer.ids()).with("output_dim", layer.units())
        .with("embeddings_initializer", RulesWriter.initializer(layer.embeddingsRules().initializer()))
        .with("embeddings_regularizer", RulesWriter.regularizer(layer.embeddingsRules().regularizer()))
        .with("activity_regularizer", RulesWriter.regularizer(layer.activityRegularizer()))
        .with("embeddings_constraint", RulesWriter.constraint(layer.embeddingsRules().constraint()))
        .with("mask_zero", layer.maskZero()).withNull("quantization_config");
  }

  @Override
  public boolean readsActivityRegularizer() {
    return true;
  }
}
