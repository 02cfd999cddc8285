package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.LayerNormalization;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link LayerNormalization}. */
final class LayerNormalizationCodec implements NormalizationLayerCodec<LayerNormalization> {
  @Override
  public LayerNormalization read(LayerConfig config) {
    return options(new LayerNormalization(), config).axes(config.axes("axis", -1)).rmsScaling(config.bool("rms_scaling", false));
  }

  @Override
  public JsonObject write(LayerNormalization layer, List<Shape> inputs) {
    JsonObject first = LayerWriter.common(layer).with("axis", LayerWriter.integers(layer.axes()))
        .with("epsilon", layer.epsilon()).with("center", layer.center()).with("scale", layer.scale())
        .with("rms_scaling", layer.rmsScaling());
    return rules(initializers(first, layer), layer);
  }
}
