package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Reshape;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The file form of {@link Reshape}. */
final class ReshapeCodec implements LayerCodec<Reshape> {
  @Override
  public Reshape read(LayerConfig config) {
    return new Reshape(config.integers("target_shape"));
  }

  @Override
  public JsonObject write(Reshape layer, List<Shape> inputs) {
    List<JsonValue> sizes = new ArrayList<>();
    for (int size : layer.target().toArray()) {
      sizes.add(JsonNumber.of(size == Shape.UNKNOWN ? -1 : size));
    }
    return LayerWriter.common(layer).with("target_shape", JsonArray.of(sizes));
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }
}
