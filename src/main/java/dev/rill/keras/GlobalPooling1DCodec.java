package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.GlobalPooling1D;
import dev.rill.tensor.Shape;
import java.util.List;

/** What the configurations of layers that pool all steps have in common. */
interface GlobalPooling1DCodec<L extends GlobalPooling1D<L>> extends LayerCodec<L> {
  /** The layer with what the configuration says. */
  default L options(L layer, LayerConfig config) {
    config.channelsLast();
    return layer.keepDims(config.bool("keepdims", false));
  }

  @Override
  default JsonObject write(L layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("data_format", "channels_last").with("keepdims", layer.keepDims());
  }

  @Override
  default boolean keepsBuild() {
    return false;
  }
}
