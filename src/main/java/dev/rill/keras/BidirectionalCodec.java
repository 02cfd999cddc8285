package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Layer;
import dev.rill.layers.RNN;
import dev.rill.layers.Recurrent;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;
import java.util.Locale;

/** The file form of {@link Bidirectional}, and of the two layers inside it. */
final class BidirectionalCodec implements LayerCodec<Bidirectional> {
  @Override
  public Bidirectional read(LayerConfig config) {
    config.inert("num_constants");
    Layer forward = overTime(config, "layer");
    Bidirectional layer = isCells(forward) ? new Bidirectional((RNN) forward) : new Bidirectional((Recurrent<?>) forward);
    if (config.has("backward_layer")) {
      Layer backward = overTime(config, "backward_layer");
      layer = isCells(backward) ? layer.backward((RNN) backward) : layer.backward((Recurrent<?>) backward);
    }
    return layer.merge(merge(config)).trainable(config.bool("trainable", true));
  }

  /** The codec under this name gave it: a cast that fails would be an error of ours. */
  private static boolean isCells(Layer layer) {
    return layer.className().equals("RNN");
  }

  private static Layer overTime(LayerConfig config, String option) {
    Layer inside = config.layer(option);
    if (!LayerCodecs.isRecurrent(inside.className()) && !isCells(inside)) {
      throw new UnsupportedException(config.place(option) + ": Bidirectional is supported around LSTM, GRU, SimpleRNN and RNN, found "
          + inside.className());
    }
    return inside;
  }

  private static Bidirectional.Merge merge(LayerConfig config) {
    String mode = config.text("merge_mode", null);
    if (mode == null) {
      return Bidirectional.Merge.NONE;
    }
    for (Bidirectional.Merge merge : Bidirectional.Merge.values()) {
      if (merge.name().toLowerCase(Locale.ROOT).equals(mode) && merge != Bidirectional.Merge.NONE) {
        return merge;
      }
    }
    throw new UnsupportedException(config.place("merge_mode") + ": expected concat, sum, mul, ave or null, found " + mode);
  }

  @Override
  public JsonObject write(Bidirectional layer, List<Shape> inputs) {
    return LayerWriter.common(layer)
        .with("merge_mode", layer.merge() == Bidirectional.Merge.NONE ? new JsonNull()
            : new JsonString(layer.merge().name().toLowerCase(Locale.ROOT)))
        .with("layer", LayerWriter.write(layer.forward(), inputs, List.of()))
        .with("backward_layer", LayerWriter.write(layer.backward(), inputs, List.of()));
  }

  @Override
  public JsonObject build(Bidirectional layer, List<Shape> inputs, List<Shape> initialState) {
    return initialState.isEmpty() ? LayerCodec.super.build(layer, inputs, initialState)
        : JsonObject.EMPTY.with("shapes_dict", JsonObject.EMPTY.with("sequences_shape", LayerWriter.shape(inputs.get(0)))
            .with("initial_state_shape", LayerWriter.shapes(initialState)));
  }

  @Override
  public void groups(Bidirectional layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), List.of());
    inside(layer.forward(), inputs, groups.below("/forward_layer"));
    inside(layer.backward(), inputs, groups.below("/backward_layer"));
  }

  private static <L extends Layer> void inside(L layer, List<Shape> inputs, ObjectGroups groups) {
    LayerCodecs.of(layer).groups(layer, inputs, groups);
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    if (initialState.size() == 0) {
      return JsonObject.EMPTY.with("mask", mask);
    }
    JsonObject keywords = JsonObject.EMPTY.with("initial_state", initialState);
    return mask instanceof JsonNull ? keywords : keywords.with("mask", mask);
  }
}
