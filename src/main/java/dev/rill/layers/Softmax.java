package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** {@code e^x} over its sum along the last axis, as a layer of its own. */
public final class Softmax extends Layer {
  private final int axis;

  /** Describes one along the last axis. */
  public Softmax() {
    this(-1);
  }

  /**
   * Describes one along an axis, which must be the last.
   *
   * @param axis −1, or the number of the last axis
   */
  public Softmax(int axis) {
    this(null, axis);
  }

  private Softmax(String name, int axis) {
    super(name);
    this.axis = axis;
  }

  /**
   * The axis.
   *
   * @return as described
   */
  public int axis() {
    return axis;
  }

  @Override
  public Softmax named(String name) {
    return new Softmax(name, axis);
  }

  @Override
  public boolean perStep() {
    return axis == -1;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (axis != -1 && axis != input.rank() - 1 || input.rank() > 3) {
      throw new UnsupportedException("layer " + label() + " runs along axis " + axis + " of " + input
          + "; only the last axis of (batch, features) or (batch, time, features) is supported");
    }
    return List.of(input);
  }
}
