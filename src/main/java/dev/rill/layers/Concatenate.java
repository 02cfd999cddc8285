package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/**
 * Several inputs side by side: their features one behind the other, in every row and, on sequences, at every step. Sequences must
 * have equally many steps when the model runs.
 *
 * <p>A step is masked if it is masked in every input; with an input that has no mask, none is.
 */
public final class Concatenate extends Layer {
  private final int axis;

  /** Joins the last axis. */
  public Concatenate() {
    this(-1);
  }

  /**
   * Joins an axis, which must be the last.
   *
   * @param axis −1, or the number of the last axis
   */
  public Concatenate(int axis) {
    this(null, axis);
  }

  private Concatenate(String name, int axis) {
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
  public Concatenate named(String name) {
    return new Concatenate(name, axis);
  }

  @Override
  public boolean readsList() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    refuseState(initialState);
    if (Require.all(inputs, "the shapes to join").isEmpty()) {
      throw new ShapeException("layer " + label() + " is given nothing to join");
    }
    Shape joined = inputs.get(0);
    if (joined.rank() != 2 && joined.rank() != 3) {
      throw misfit("(batch, features) or (batch, time, features)", joined);
    }
    if (axis != -1 && axis != joined.rank() - 1) {
      throw new UnsupportedException("layer " + label() + " joins axis " + axis + " of " + joined
          + "; only the last axis, -1, is supported");
    }
    long width = 0;
    for (Shape input : inputs) {
      if (input.rank() != joined.rank()) {
        throw misfit("inputs with as many axes as the first, " + joined, input);
      }
      width += features(input);
      if (width > Integer.MAX_VALUE) {
        throw new ShapeException("layer " + label() + ": the " + inputs.size() + " inputs together have more than 2^31 - 1 features");
      }
      for (int a = 0; a < input.rank() - 1; a++) {
        if (joined.axis(a) == Shape.UNKNOWN) {
          joined = joined.with(a, input.axis(a));
        } else if (input.axis(a) != Shape.UNKNOWN && input.axis(a) != joined.axis(a)) {
          throw new ShapeException("layer " + label() + ": expected inputs that differ on the last axis only, got " + inputs);
        }
      }
    }
    return List.of(joined.with(-1, (int) width));
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return Mask.any(inputs, axis);
  }
}
