package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Rescaling;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** The file form of {@link Rescaling}. */
final class RescalingCodec implements LayerCodec<Rescaling> {
  @Override
  public Rescaling read(LayerConfig config) {
    return new Rescaling(figure(config, "scale"), config.has("offset") ? figure(config, "offset") : 0);
  }

  /** A number, which Keras may have written as an array. */
  private static double figure(LayerConfig config, String option) {
    JsonValue value = config.array(option);
    JsonValue only = value instanceof JsonArray list && list.size() == 1 ? list.get(0) : value;
    if (only instanceof JsonArray) {
      throw new UnsupportedException(config.place(option) + ": a Rescaling by one number for all features is supported, found "
          + only.describe() + "; a Normalization takes a mean and a variance for each: -offset / scale and 1 / scale^2");
    }
    return only instanceof JsonNumber number ? number.doubleValue() : config.number(option);
  }

  @Override
  public JsonObject write(Rescaling layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("scale", layer.scale()).with("offset", layer.offset());
  }
}
