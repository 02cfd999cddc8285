package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;

/** Tensors that no array could hold are refused when the model is made, with the layer's name and the bytes. */
final class SizeLimits {
  /** 64 MB a step: a few dozen rows or steps of it still fit into an array. */
  private static final int MAX_FEATURES = 1 << 24;
  /** 512 MB a row: of sequences whose length the model fixes. */
  private static final int MAX_SEQUENCE = 1 << 27;

  private SizeLimits() {}

  /** Refuses a signal, given the layer that makes it. */
  static void check(Layer layer, Shape shape) {
    long features = 1;
    for (int axis = Math.min(2, shape.rank() - 1); axis < shape.rank(); axis++) {
      features *= Math.max(1, shape.axis(axis));
      if (features > MAX_FEATURES) {
        break;
      }
    }
    if (features > MAX_FEATURES) {
      throw new ShapeException("layer " + layer.label() + " has an output of shape " + shape + ": at most " + MAX_FEATURES
          + " features are supported");
    }
    long steps = shape.rank() > 2 ? Math.max(1, shape.axis(1)) : 1;
    if (steps * features > MAX_SEQUENCE) {
      throw new ShapeException("layer " + layer.label() + " has an output of shape " + shape + ", " + 4 * steps * features
          + " bytes for one row: at most " + 4L * MAX_SEQUENCE + " are supported");
    }
  }
}
