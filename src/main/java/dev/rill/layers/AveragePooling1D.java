package dev.rill.layers;

/**
 * The mean of each window of steps, feature by feature.
 *
 * <p>Defaults as in Keras: windows side by side, padding valid.
 */
public final class AveragePooling1D extends Pooling1D<AveragePooling1D> {
  /**
   * Describes a pooling of windows that lie side by side.
   *
   * @param poolSize steps that each output reads, 2 by default in Keras
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public AveragePooling1D(int poolSize) {
    this(null, sideBySide(poolSize));
  }

  private AveragePooling1D(String name, Window window) {
    super(name, window);
  }

  @Override
  public boolean largest() {
    return false;
  }

  @Override
  AveragePooling1D with(String name, Window changed) {
    return new AveragePooling1D(name, changed);
  }
}
