package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Flatten;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** The file form of {@link Flatten}. */
final class FlattenCodec implements LayerCodec<Flatten> {
  @Override
  public Flatten read(LayerConfig config) {
    if (!config.text("data_format", "channels_last").equals("channels_last")) {
      throw new UnsupportedException(config.place("data_format") + ": only channels_last is supported");
    }
    return new Flatten();
  }

  @Override
  public JsonObject write(Flatten layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("data_format", "channels_last");
  }
}
