package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Permute;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The file form of {@link Permute}. */
final class PermuteCodec implements LayerCodec<Permute> {
  @Override
  public Permute read(LayerConfig config) {
    return new Permute(config.integers("dims"));
  }

  @Override
  public JsonObject write(Permute layer, List<Shape> inputs) {
    List<JsonValue> axes = new ArrayList<>();
    for (int axis : layer.axes()) {
      axes.add(JsonNumber.of(axis));
    }
    return LayerWriter.common(layer).with("dims", JsonArray.of(axes));
  }
}
