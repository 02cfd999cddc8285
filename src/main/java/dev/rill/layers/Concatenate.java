package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/**
 * Several inputs side by side: their features one behind the other, in every row and, on sequences, at every step. Sequences must
 * have equally many steps when the model runs. With the axis 1 sequences stand one behind the other, which needs all steps at once.
 *
 * <p>Of features side by side a step is masked if it is masked in every input; with an input that has no mask, none is. Sequences one
 * behind the other keep their masks.
 */
public final class Concatenate extends Layer {
  private final int axis;

  /** Joins the last axis. */
  public Concatenate() {
    this(-1);
  }

  /**
   * Joins an axis.
   *
   * @param axis −1 or the number of the last axis, or that of the time axis, which is 1
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

  /**
   * Whether inputs of some rank stand one behind the other in time.
   *
   * @param rank their axes, that of the batch included
   * @return false if they stand side by side
   */
  public boolean joinsTime(int rank) {
    return rank > 2 && (axis == 1 || axis == 1 - rank);
  }

  @Override
  public boolean keepsTime() {
    // Where this is the number of the last axis there is no time.
    return axis == -1 || axis > 1;
  }

  @Override
  public int steps(int... inputs) {
    long sum = 0;
    for (int steps : Require.given(inputs, "the steps that a layer reads")) {
      sum += steps;
    }
    if (sum > Integer.MAX_VALUE) {
      throw new ShapeException("layer " + label() + " joins more than 2^31 - 1 steps");
    }
    return (int) sum;
  }

  @Override
  public String needsWholeTime(List<Shape> inputs) {
    return !Require.all(inputs, "the shapes to join").isEmpty() && joinsTime(inputs.get(0).rank())
        ? "joins whole sequences one behind the other; run whole windows with predict" : null;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    refuseState(initialState);
    if (Require.all(inputs, "the shapes to join").isEmpty()) {
      throw new ShapeException("layer " + label() + " is given nothing to join");
    }
    Shape joined = inputs.get(0);
    if (joinsTime(joined.rank())) {
      return List.of(behind(inputs));
    }
    if (joined.rank() != 2 && joined.rank() != 3) {
      throw unsupported("(batch, features) or (batch, time, features)", joined, "make features one axis by a Reshape in front of it");
    }
    if (axis != -1 && axis != joined.rank() - 1) {
      throw new UnsupportedException("layer " + label() + " joins axis " + axis + " of " + joined
          + "; the last axis, -1, and of sequences that of time, 1, are supported");
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

  /** Sequences one behind the other. */
  private Shape behind(List<Shape> inputs) {
    Shape joined = inputs.get(0);
    long steps = 0;
    for (Shape input : inputs) {
      if (!input.with(1, Shape.UNKNOWN).meets(joined)) {
        throw new ShapeException("layer " + label() + ": expected inputs that differ on the time axis only, got " + inputs);
      }
      steps = steps < 0 || input.axis(1) == Shape.UNKNOWN ? Shape.UNKNOWN : steps + input.axis(1);
      for (int a = 0; a < input.rank(); a++) {
        joined = joined.axis(a) == Shape.UNKNOWN ? joined.with(a, input.axis(a)) : joined;
      }
    }
    if (steps > Integer.MAX_VALUE) {
      throw new ShapeException("layer " + label() + ": the " + inputs.size() + " inputs together have more than 2^31 - 1 steps");
    }
    return joined.with(1, (int) steps);
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    Shape first = inputs.get(0).shape();
    if (!joinsTime(first.rank())) {
      return Mask.any(inputs, axis);
    }
    Mask mask = Mask.behind(inputs, axis);
    if (mask != null && first.rank() > 3) {
      throw new UnsupportedException("layer " + label() + " joins masked inputs of more than three axes in time, which Keras cannot either:"
          + " leave the mask away");
    }
    return mask;
  }
}
