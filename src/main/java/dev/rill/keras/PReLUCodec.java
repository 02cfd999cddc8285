package dev.rill.keras;

import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.layers.PReLU;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link PReLU}. */
final class PReLUCodec implements LayerCodec<PReLU> {
  @Override
  public PReLU read(LayerConfig config) {
    PReLU layer = new PReLU();
    return layer.alpha(config.initializer("alpha_initializer", layer.alphaRules().initializer()),
            config.regularizer("alpha_regularizer"), config.constraint("alpha_constraint"))
        .sharedAxes(config.has("shared_axes") ? config.integers("shared_axes") : new int[0])
        .trainable(config.bool("trainable", true));
  }

  @Override
  public JsonObject write(PReLU layer, List<Shape> inputs) {
    int[] shared = layer.sharedAxes();
    return LayerWriter.common(layer)
        .with("alpha_initializer", RulesWriter.initializer(layer.alphaRules().initializer()))
        .with("alpha_regularizer", RulesWriter.regularizer(layer.alphaRules().regularizer()))
        .with("alpha_constraint", RulesWriter.constraint(layer.alphaRules().constraint()))
        .with("shared_axes", shared.length == 0 ? new JsonNull() : LayerWriter.integers(shared));
  }
}
