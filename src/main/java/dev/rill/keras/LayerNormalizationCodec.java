package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.layers.LayerNormalization;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link LayerNormalization}. */
final class LayerNormalizationCodec implements NormalizationLayerCodec<LayerNormalization> {
  @Override
  public LayerNormalization read(LayerConfig config) {
    return options(new LayerNormalization(), config);
  }

  @Override
  public JsonObject write(LayerNormalization layer, List<Shape> inputs) {
    JsonObject first = LayerWriter.common(layer).with("axis", JsonArray.of(List.of(JsonNumber.of(layer.axis()))))
        .with("epsilon", layer.epsilon()).with("center", layer.center()).with("scale", layer.scale()).with("rms_scaling", false);
    return rules(initializers(first, layer), layer);
  }
}
