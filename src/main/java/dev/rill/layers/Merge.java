package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.List;

/**
 * Inputs of one shape joined element by element, from the first to the last.
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
    checkCount(inputs.size());
    Shape joined = inputs.get(0);
    for (Shape input : inputs) {
      if (!joined.meets(input)) {
        throw new ShapeException("layer " + label() + ": expected inputs of one shape, got " + inputs
            + "; Keras would repeat the smaller one, which is not supported: use RepeatVector or Reshape");
      }
      for (int axis = 0; axis < joined.rank(); axis++) {
        joined = joined.axis(axis) == Shape.UNKNOWN ? joined.with(axis, input.axis(axis)) : joined;
      }
    }
    return List.of(joined);
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return Mask.or(inputs);
  }
}
