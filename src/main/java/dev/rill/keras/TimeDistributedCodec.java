package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link TimeDistributed}, and of the layer inside it, which sees one time step. */
final class TimeDistributedCodec implements LayerCodec<TimeDistributed> {
  @Override
  public TimeDistributed read(LayerConfig config) {
    return new TimeDistributed(config.layer("layer")).trainable(config.bool("trainable", true));
  }

  @Override
  public JsonObject write(TimeDistributed layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("layer", LayerWriter.write(layer.layer(), step(inputs), List.of()));
  }

  @Override
  public void groups(TimeDistributed layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), List.of());
    LayerCodecs.of(layer.layer()).groups(layer.layer(), step(inputs), groups.below("/layer"));
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("mask", mask);
  }

  /** (batch, time, ...) without the time. */
  private static List<Shape> step(List<Shape> inputs) {
    int[] whole = inputs.get(0).toArray();
    int[] step = new int[whole.length - 1];
    step[0] = whole[0];
    System.arraycopy(whole, 2, step, 1, step.length - 1);
    return List.of(Shape.of(step));
  }
}
