package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Dense;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** The file form of {@link TimeDistributed}, and of the layer inside it, which sees one time step. */
final class TimeDistributedCodec implements LayerCodec<TimeDistributed> {
  @Override
  public TimeDistributed read(LayerConfig config) {
    Layer inside = config.layer("layer");
    if (!inside.className().equals("Dense")) {
      throw new UnsupportedException(config.place("layer") + ": TimeDistributed is supported around Dense only, found "
          + inside.className());
    }
    Dense dense = (Dense) inside;
    // A frozen wrapper freezes what it wraps.
    return new TimeDistributed(config.bool("trainable", true) ? dense : dense.trainable(false));
  }

  @Override
  public JsonObject write(TimeDistributed layer, List<Shape> inputs) {
    return LayerWriter.common(layer).with("layer", LayerWriter.write(inside(layer), step(inputs), List.of()));
  }

  @Override
  public void groups(TimeDistributed layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), List.of());
    Layer inside = inside(layer);
    LayerCodecs.of(inside).groups(inside, step(inputs), groups.below("/layer"));
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("mask", mask);
  }

  /** The layer inside, which needs no name in Rill but has one in Keras. */
  private static Layer inside(TimeDistributed layer) {
    Layer inside = layer.layer();
    return inside.name() == null ? inside.named(LayerNames.snakeCase(inside.className())) : inside;
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
