package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/**
 * One step for each window of steps, feature by feature. What lies outside of the sequence does not count. A mask ends here.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class Pooling1D<T extends Pooling1D<T>> extends Layer {
  private final Window window;

  Pooling1D(String name, Window window) {
    super(name);
    if (window.padding() == Padding.CAUSAL) {
      throw new UnsupportedException("layer " + label() + ": padding causal is not supported; supported are valid and same");
    }
    this.window = window;
  }

  /** Windows that lie side by side. */
  static Window sideBySide(int poolSize) {
    return new Window(poolSize, poolSize, 1, Padding.VALID);
  }

  /**
   * What it makes of the steps it pools.
   *
   * @return true for the largest value of each feature, false for the mean
   */
  public abstract boolean largest();

  /** A copy with another name or window. */
  abstract T with(String name, Window changed);

  /**
   * What each output reads: pool size, strides and padding.
   *
   * @return the window
   */
  public final Window window() {
    return window;
  }

  /**
   * Sets by how many steps the window moves on.
   *
   * @param steps the pool size by default
   * @return a copy
   */
  public final T strides(int steps) {
    return with(name(), new Window(window.size(), steps, 1, window.padding()));
  }

  /**
   * Sets the padding.
   *
   * @param padding valid by default
   * @return a copy
   */
  public final T padding(Padding padding) {
    return with(name(), new Window(window.size(), window.strides(), 1, padding));
  }

  /**
   * Sets the padding by its name in Keras.
   *
   * @param padding {@code valid} or {@code same}
   * @return a copy
   */
  public final T padding(String padding) {
    return padding(Padding.named(padding));
  }

  @Override
  public final T named(String name) {
    return with(name, window);
  }

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    return List.of(Shape.of(input.axis(0), window.axis(this, input.axis(1)), features(input)));
  }

  @Override
  public final boolean keepsTime() {
    return window.keepsTime();
  }

  @Override
  public final int steps(int... inputs) {
    return window.axis(this, firstSteps(inputs));
  }

  @Override
  final String needsWholeTime() {
    return window.needsWholeTime();
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return null;
  }
}
