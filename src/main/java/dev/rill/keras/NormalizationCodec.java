package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Normalization;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The file form of {@link Normalization}. */
final class NormalizationCodec implements LayerCodec<Normalization> {
  /** Axes that figures may have. */
  private static final int MAX_DEPTH = 8;

  @Override
  public Normalization read(LayerConfig config) {
    Normalization layer = new Normalization().axes(config.axes("axis", -1)).invert(config.bool("invert", false))
        .trainable(config.bool("trainable", true));
    JsonValue mean = config.array("mean");
    JsonValue variance = config.array("variance");
    if (mean == null && variance == null) {
      return layer;
    }
    if (mean == null || variance == null) {
      throw new FormatException(config.place("mean") + ": expected a mean and a variance, or neither");
    }
    int[] shape = shape(mean);
    return layer.figures(figures(mean, config.place("mean")), figures(variance, config.place("variance")), shape);
  }

  /** The lengths of lists within lists. */
  private static int[] shape(JsonValue value) {
    List<Integer> sizes = new ArrayList<>();
    while (value instanceof JsonArray list && list.size() > 0 && sizes.size() < MAX_DEPTH) {
      sizes.add(list.size());
      value = list.get(0);
    }
    int[] shape = new int[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i);
    }
    return shape;
  }

  private static double[] figures(JsonValue value, String place) {
    List<Double> found = new ArrayList<>();
    collect(value, place, 0, found);
    double[] figures = new double[found.size()];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = found.get(i);
    }
    return figures;
  }

  private static void collect(JsonValue value, String place, int depth, List<Double> found) {
    if (value instanceof JsonNumber number) {
      found.add(number.doubleValue());
    } else if (value instanceof JsonArray list && depth < MAX_DEPTH) {
      for (int i = 0; i < list.size(); i++) {
        collect(list.get(i), list.place(i), depth + 1, found);
      }
    } else {
      throw new FormatException(place + ": expected numbers, found " + value.describe());
    }
  }

  @Override
  public JsonObject write(Normalization layer, List<Shape> inputs) {
    JsonObject config = LayerWriter.common(layer).with("axis", LayerWriter.integers(layer.axes())).with("invert", layer.invert());
    if (!layer.given()) {
      return config.withNull("mean", "variance");
    }
    int[] shape = layer.figuresShape();
    return config.with("mean", write(layer, true, shape, 0, 0)).with("variance", write(layer, false, shape, 0, 0));
  }

  /** Lists within lists, from a depth and an index on. */
  private static JsonValue write(Normalization layer, boolean mean, int[] shape, int depth, int at) {
    if (depth == shape.length) {
      return JsonNumber.of(mean ? layer.mean(at) : layer.variance(at));
    }
    List<JsonValue> list = new ArrayList<>();
    for (int i = 0; i < shape[depth]; i++) {
      list.add(write(layer, mean, shape, depth + 1, at * shape[depth] + i));
    }
    return JsonArray.of(list);
  }
}
