package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Layer;
import dev.rill.layers.NestedModel;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of a model as a layer of another: that of the model itself, without how it is compiled. */
final class NestedModelCodec implements LayerCodec<NestedModel> {
  /**
   * Whether Keras 3 counts a layer's applications from 1 where it lists the outputs of a model, and only there: the way from a
   * functional model's own inputs to its own outputs was one of its applications before Keras 3.
   */
  static boolean countsItself(Layer layer) {
    return layer.className().equals("Functional");
  }

  @Override
  public NestedModel read(LayerConfig config) {
    boolean trainable = config.bool("trainable", true);
    return new NestedModel(config.model()).trainable(trainable);
  }

  @Override
  public JsonObject write(NestedModel layer, List<Shape> inputs) {
    return ModelWriter.model(layer.graph()).object("config").with("name", layer.name()).with("trainable", layer.trainable());
  }

  @Override
  public JsonObject entry(NestedModel layer, List<Shape> inputs, List<Shape> initialState) {
    return ModelWriter.model(layer.graph()).with("config", write(layer, inputs));
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("mask", mask);
  }

  @Override
  public void groups(NestedModel layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), List.of());
    groups.addAll(layer.graph());
  }
}
