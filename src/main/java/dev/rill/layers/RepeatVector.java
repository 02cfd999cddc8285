package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.List;

/**
 * The same features at every step of a sequence of fixed length. It begins when everything before it has ended, so a model that
 * holds one cannot be streamed.
 */
public final class RepeatVector extends Layer {
  private final int times;

  /**
   * Describes a repetition.
   *
   * @param times number of steps
   * @throws ShapeException if it is not positive
   */
  public RepeatVector(int times) {
    this(null, times);
  }

  private RepeatVector(String name, int times) {
    super(name);
    if (times <= 0) {
      throw new ShapeException("layer " + label() + ": expected a positive number of steps, got " + times);
    }
    this.times = times;
  }

  /**
   * Number of steps.
   *
   * @return at least 1
   */
  public int times() {
    return times;
  }

  @Override
  public RepeatVector named(String name) {
    return new RepeatVector(name, times);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 2) {
      throw misfit("(batch, features)", input);
    }
    return List.of(Shape.of(input.axis(0), times, features(input)));
  }

  @Override
  public boolean keepsTime() {
    return false;
  }

  @Override
  public int steps(int... inputs) {
    return times;
  }

  @Override
  String needsWholeTime() {
    return "repeats what a whole sequence has come to";
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return null;
  }
}
