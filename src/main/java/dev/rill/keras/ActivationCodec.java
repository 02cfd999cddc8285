package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Activation;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Activation}. */
final class ActivationCodec implements LayerCodec<Activation> {
  @Override
  public Activation read(LayerConfig config) {
    return new Activation(config.activation()).activityRegularizer(config.regularizer("activity_regularizer"));
  }

  @Override
  public JsonObject write(Activation layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("activation", ActivationFunctionCodec.write(layer.function()));
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public boolean readsActivityRegularizer() {
    return true;
  }
}
