package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.InputLayer;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** The file form of {@link InputLayer}. */
final class InputLayerCodec implements LayerCodec<InputLayer> {
  @Override
  public InputLayer read(LayerConfig config) {
    for (String option : new String[] {"sparse", "ragged", "optional"}) {
      if (config.bool(option, false)) {
        throw new UnsupportedException(config.place(option) + ": " + option + " inputs are not supported");
      }
    }
    String type = config.type("float32");
    if (type.equals("string")) {
      throw RefusedLayer.strings(config.place("dtype"));
    }
    // What Keras 1 called dtype, when arrays held floats all the same.
    config.inert("input_dtype");
    return new InputLayer(config.shape(config.has("batch_shape") ? "batch_shape" : "batch_input_shape")).type(type);
  }

  @Override
  public JsonObject write(InputLayer layer, List<Shape> inputs) {
    return JsonObject.EMPTY.with("batch_shape", LayerWriter.shape(layer.shape())).with("dtype", layer.type())
        .with("sparse", false).with("ragged", false).with("name", layer.name()).with("optional", false);
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public String outputType(InputLayer layer) {
    return layer.type();
  }
}
