package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Flatten;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link Flatten}. */
final class FlattenCodec implements LayerCodec<Flatten> {
  @Override
  public Flatten read(LayerConfig config) {
    config.channelsLast();
    return new Flatten();
  }

  @Override
  public JsonObject write(Flatten layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("data_format", "channels_last");
  }
}
