package dev.rill.layers;

import dev.rill.tensor.RillException;

/**
 * The leaky rectified linear unit: {@code x} above 0, {@code slope x} below.
 */
public final class LeakyReLU extends ElementwiseLayer {
  private final double slope;

  /** Describes one with the slope of Keras' layer, 0.3. */
  public LeakyReLU() {
    this(0.3);
  }

  /**
   * Describes one with another slope.
   *
   * @param slope below 0
   * @throws RillException if it is negative or not a number
   */
  public LeakyReLU(double slope) {
    this(null, slope);
  }

  private LeakyReLU(String name, double slope) {
    super(name);
    if (!(slope >= 0)) {
      throw new RillException("layer " + label() + ": expected a slope of 0 or more, got " + slope);
    }
    this.slope = slope;
  }

  /**
   * The slope below 0.
   *
   * @return 0.3 by default
   */
  public double slope() {
    return slope;
  }

  @Override
  public LeakyReLU named(String name) {
    return new LeakyReLU(name, slope);
  }
}
