package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link SimpleRNN}. */
final class SimpleRNNCodec implements RecurrentCodec<SimpleRNN> {
  @Override
  public SimpleRNN read(LayerConfig config) {
    return options(new SimpleRNN(config.integer("units")), config);
  }

  @Override
  public JsonObject write(SimpleRNN layer, List<Shape> inputs) {
    return last(initializers(first(layer), layer), layer);
  }
}
