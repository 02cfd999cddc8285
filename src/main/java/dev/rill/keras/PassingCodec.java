package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Activation;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.Shape;
import dev.rill.variables.L1L2;
import java.util.List;

/**
 * Keras' {@code Identity} and {@code ActivityRegularization}, which hand on what they read: a linear activation, whose outputs the second
 * regularizes. Only read.
 */
final class PassingCodec implements LayerCodec<Activation> {
  @Override
  public Activation read(LayerConfig config) {
    Activation layer = new Activation(ActivationFunction.LINEAR);
    double l1 = config.number("l1", 0);
    double l2 = config.number("l2", 0);
    return l1 == 0 && l2 == 0 ? layer : layer.activityRegularizer(new L1L2(l1, l2));
  }

  @Override
  public JsonObject write(Activation layer, List<Shape> inputs) {
    throw new IllegalStateException("layer " + layer.label() + " is written by the codec of its own class");
  }

  @Override
  public boolean readsActivityRegularizer() {
    return true;
  }
}
