package dev.rill.layers;

import dev.rill.tensor.RillException;

/**
 * The rectified linear unit with Keras' options: {@code x} above the threshold, at most the maximum; below it
 * {@code slope (x - threshold)}.
 */
public final class ReLU extends ElementwiseLayer {
  private final Double max;
  private final double slope;
  private final double threshold;

  /** Describes {@code max(x, 0)}. */
  public ReLU() {
    this(null, null, 0, 0);
  }

  /**
   * Describes one with Keras' options.
   *
   * @param max no output is above it; null, Keras' default, for no bound
   * @param slope below the threshold, 0 by default
   * @param threshold from which on the input is handed on, 0 by default
   * @throws RillException if one of them is negative or not a number
   */
  public ReLU(Double max, double slope, double threshold) {
    this(null, max, slope, threshold);
  }

  private ReLU(String name, Double max, double slope, double threshold) {
    super(name);
    if (!(slope >= 0 && threshold >= 0 && (max == null || max >= 0))) {
      throw new RillException("layer " + label() + ": expected a maximum, slope and threshold of 0 or more, got " + max + ", "
          + slope + " and " + threshold);
    }
    this.max = max;
    this.slope = slope;
    this.threshold = threshold;
  }

  /**
   * The largest output.
   *
   * @return null, the default, for no bound
   */
  public Double max() {
    return max;
  }

  /**
   * The slope below the threshold.
   *
   * @return 0 by default
   */
  public double slope() {
    return slope;
  }

  /**
   * From where on the input is handed on.
   *
   * @return 0 by default
   */
  public double threshold() {
    return threshold;
  }

  @Override
  public ReLU named(String name) {
    return new ReLU(name, max, slope, threshold);
  }
}
