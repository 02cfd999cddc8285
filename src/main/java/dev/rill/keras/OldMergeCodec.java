package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.Add;
import dev.rill.layers.Average;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dot;
import dev.rill.layers.Layer;
import dev.rill.layers.Maximum;
import dev.rill.layers.Multiply;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** Keras 1's {@code Merge}, which joins inputs in one of several modes: a layer for each mode has come since. Only read. */
final class OldMergeCodec implements LayerCodec<Layer> {
  @Override
  public Layer read(LayerConfig config) {
    if (!config.text("mode_type", "raw").equals("raw")) {
      throw new UnsupportedException(config.place("mode_type") + ": inputs are joined by code, which is not executed: put one of "
          + "Keras' modes in its place");
    }
    config.inert("output_shape", "output_shape_type", "output_mask", "output_mask_type", "arguments");
    int axis = config.integer("concat_axis", -1);
    int[] axes = config.axes("dot_axes", -1);
    String mode = config.text("mode", "sum");
    return switch (mode) {
      case "sum" -> new Add();
      case "mul" -> new Multiply();
      case "ave" -> new Average();
      case "max" -> new Maximum();
      case "concat" -> new Concatenate(axis);
      case "dot" -> new Dot(axes);
      default -> throw new UnsupportedException(config.place("mode") + ": expected sum, mul, ave, max, concat or dot, found " + mode);
    };
  }

  @Override
  public JsonObject write(Layer layer, List<Shape> inputs) {
    throw new IllegalStateException("layer " + layer.label() + " is written by the codec of its own class");
  }
}
