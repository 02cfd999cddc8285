package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.ZeroPadding1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link ZeroPadding1D}. */
final class ZeroPadding1DCodec implements LayerCodec<ZeroPadding1D> {
  @Override
  public ZeroPadding1D read(LayerConfig config) {
    config.channelsLast();
    int[] ends = config.ends("padding");
    return new ZeroPadding1D(ends[0], ends[1]);
  }

  @Override
  public JsonObject write(ZeroPadding1D layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("padding", LayerWriter.integers(layer.before(), layer.after()))
        .with("data_format", "channels_last");
  }
}
