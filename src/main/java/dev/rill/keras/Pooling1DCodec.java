package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Pooling1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** What the configurations of pooling layers have in common. */
interface Pooling1DCodec<L extends Pooling1D<L>> extends LayerCodec<L> {
  /** The layer of a pool size, its strides and padding as the configuration says. */
  default L window(L layer, LayerConfig config) {
    config.channelsLast();
    // Keras 1 calls the option as no other layer does.
    int strides = config.only(config.beforeKeras3() && config.has("stride") ? "stride" : "strides", layer.window().size());
    return layer.strides(strides).padding(config.text("padding", "valid"));
  }

  @Override
  default JsonObject write(L layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("pool_size", LayerWriter.integers(layer.window().size()))
        .with("padding", layer.window().padding().kerasName()).with("strides", LayerWriter.integers(layer.window().strides()))
        .with("data_format", "channels_last");
  }

  @Override
  default boolean keepsBuild() {
    return false;
  }
}
