package dev.rill.layers;

/**
 * The largest value of each window of steps, feature by feature; NaN if one is NaN. Its gradient goes to the first step that has
 * it.
 *
 * <p>Defaults as in Keras: windows side by side, padding valid.
 */
public final class MaxPooling1D extends Pooling1D<MaxPooling1D> {
  /**
   * Describes a pooling of windows that lie side by side.
   *
   * @param poolSize steps that each output reads, 2 by default in Keras
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public MaxPooling1D(int poolSize) {
    this(null, sideBySide(poolSize));
  }

  private MaxPooling1D(String name, Window window) {
    super(name, window);
  }

  @Override
  public boolean largest() {
    return true;
  }

  @Override
  MaxPooling1D with(String name, Window changed) {
    return new MaxPooling1D(name, changed);
  }
}
