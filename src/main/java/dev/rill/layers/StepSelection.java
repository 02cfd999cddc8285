package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.List;

/** A layer whose steps are steps of its input, or zeros. A mask ends here. */
public abstract class StepSelection extends Layer {
  StepSelection(String name) {
    super(name);
  }

  /**
   * Which step of the input a step of the output is.
   *
   * @param step of the output
   * @param read steps of the input
   * @return −1 for zeros
   */
  public abstract int source(int step, int read);

  /**
   * Steps of the output.
   *
   * @param read steps of the input
   * @return at least 1
   * @throws ShapeException if there would be none, or too many
   */
  public abstract int count(int read);

  /** A number of steps that sequences can have. */
  final int checked(long steps) {
    if (steps < 1 || steps > Integer.MAX_VALUE) {
      throw new ShapeException("layer " + label() + " would give " + steps + " steps: expected from 1 to 2^31 - 1");
    }
    return (int) steps;
  }

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    features(input);
    return List.of(input.axis(1) == Shape.UNKNOWN ? input : input.with(1, count(input.axis(1))));
  }

  @Override
  public final boolean keepsTime() {
    return false;
  }

  @Override
  public final int steps(int... inputs) {
    return count(firstSteps(inputs));
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return null;
  }
}
