package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/**
 * One value for a whole sequence, feature by feature.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class GlobalPooling1D<T extends GlobalPooling1D<T>> extends Layer {
  private final boolean keepDims;

  GlobalPooling1D(String name, boolean keepDims) {
    super(name);
    this.keepDims = keepDims;
  }

  /**
   * What it makes of the steps it pools.
   *
   * @return true for the largest value of each feature, false for the mean
   */
  public abstract boolean largest();

  /** A copy with another name or option. */
  abstract T with(String name, boolean keep);

  /**
   * Whether the output is a sequence of one step.
   *
   * @return false by default: it has no time axis
   */
  public final boolean keepDims() {
    return keepDims;
  }

  /**
   * Sets whether the output is a sequence of one step.
   *
   * @param keep false by default
   * @return a copy
   */
  public final T keepDims(boolean keep) {
    return with(name(), keep);
  }

  @Override
  public final T named(String name) {
    return with(name, keepDims);
  }

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    int width = features(input);
    return List.of(keepDims ? input.with(1, 1) : Shape.of(input.axis(0), width));
  }

  @Override
  public final boolean keepsTime() {
    return false;
  }

  @Override
  public final int steps(int... inputs) {
    return 1;
  }

  @Override
  final String needsWholeTime() {
    return "pools a whole sequence";
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return null;
  }
}
