package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** {@code e^x} over its sum along the last axis, as a layer of its own. */
public final class Softmax extends Layer {
  private final int axis;
  private final Layer turned = new Permute(2, 1).named("turned");
  private final Layer inside = new Activation("softmax").named("softmax");

  /** Describes one along the last axis. */
  public Softmax() {
    this(-1);
  }

  /**
   * Describes one along an axis: the last, or time, whose length must be known.
   *
   * @param axis −1 or the number of the last axis, or 1
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

  /** Along time it is one along the last axis of the sequence turned about. */
  @Override
  List<Symbol> unfold(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    boolean time = only(List.of(inputs.get(0).shape())).rank() == 3 && (axis == 1 || axis == -2);
    return time ? List.of(turned.apply(inside.apply(turned.apply(inputs.get(0))))) : List.of();
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (axis != -1 && axis != input.rank() - 1 || input.rank() > 3) {
      throw new UnsupportedException("layer " + label() + " runs along axis " + axis + " of " + input
          + "; supported is the last axis of (batch, features) and both axes of (batch, time, features)");
    }
    return List.of(input);
  }
}
