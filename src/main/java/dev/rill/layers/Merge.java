package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.util.Arrays;
import java.util.List;

/**
 * Inputs of one shape joined element by element, from the first to the last. An input of size 1 on an axis, or without a time axis, is
 * repeated to the size that others have there.
 *
 * <p>A step is masked if it is masked in every input; with an input that has no mask there is none, as in Keras.
 */
public abstract class Merge extends Layer {
  Merge(String name) {
    super(name);
  }

  @Override
  public final boolean readsList() {
    return true;
  }

  @Override
  public final boolean perStep() {
    return true;
  }

  /** Refuses a number of inputs that the layer does not take. */
  void checkCount(int inputs) {}

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    refuseState(initialState);
    if (Require.all(inputs, "the shapes to join").isEmpty()) {
      throw new ShapeException("layer " + label() + " is applied to nothing");
    }
    checkCount(inputs.size());
    int rank = 0;
    for (Shape input : inputs) {
      if (input.rank() == 0) {
        throw misfit("a batch axis at least", input);
      }
      rank = Math.max(rank, input.rank());
    }
    int[] joined = new int[rank];
    Arrays.fill(joined, 1, rank, 1);
    joined[0] = Shape.UNKNOWN;
    for (Shape input : inputs) {
      int[] sizes = spread(input, rank);
      joined[0] = joined[0] == Shape.UNKNOWN ? sizes[0] : joined[0];
      boolean fits = sizes[0] == joined[0] || sizes[0] == Shape.UNKNOWN;
      for (int axis = 1; axis < rank; axis++) {
        int size = sizes[axis];
        fits &= size == joined[axis] || size == 1 || joined[axis] == 1 || size == Shape.UNKNOWN || joined[axis] == Shape.UNKNOWN;
        joined[axis] = joined[axis] == 1 || joined[axis] == Shape.UNKNOWN && size != 1 ? size : joined[axis];
      }
      if (!fits) {
        throw new ShapeException("layer " + label() + ": expected inputs of one shape, or of size 1 where they differ, got " + inputs);
      }
    }
    for (Shape input : inputs) {
      if (rank > 3 && !Shape.of(joined).meets(input)) {
        throw new UnsupportedException("layer " + label() + ": inputs of more than three axes are joined only if they have one shape, got "
            + inputs);
      }
    }
    return List.of(Shape.of(joined));
  }

  /** As many axes as asked for: those that are missing stand behind the batch and have the size 1, as in Keras. */
  private static int[] spread(Shape input, int rank) {
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    sizes[0] = input.axis(0);
    for (int axis = 1; axis < input.rank(); axis++) {
      sizes[rank - input.rank() + axis] = input.axis(axis);
    }
    return sizes;
  }

  @Override
  final int timeInput(List<Shape> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).rank() > 2 && inputs.get(i).axis(1) != 1) {
        return i;
      }
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).rank() > 2) {
        return i;
      }
    }
    return 0;
  }

  @Override
  public final boolean repeats(Shape input, Shape output) {
    Require.given(input, "the shape of an input");
    return Require.given(output, "the shape of the output").rank() > 2
        && (input.rank() < output.rank() || input.axis(1) == 1 && output.axis(1) != 1);
  }

  @Override
  public final String needsWholeTime(List<Shape> inputs) {
    Shape output = outputs(inputs, List.of()).get(0);
    for (Shape input : inputs) {
      if (repeats(input, output)) {
        return "repeats " + input + " at every step of " + output + "; run whole windows with predict";
      }
    }
    return null;
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return Mask.or(inputs);
  }
}
