package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Softmax;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Softmax}. */
final class SoftmaxCodec implements LayerCodec<Softmax> {
  @Override
  public Softmax read(LayerConfig config) {
    return new Softmax(config.only("axis", -1));
  }

  @Override
  public JsonObject write(Softmax layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("axis", layer.axis());
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("mask", mask);
  }

  @Override
  public ActivationFunction function(Softmax layer) {
    return layer.axis() == -1 ? ActivationFunction.SOFTMAX : null;
  }
}
