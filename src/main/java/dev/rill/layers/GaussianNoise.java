package dev.rill.layers;

import dev.rill.tensor.RillException;

/**
 * Adds normal noise in training; nothing at inference.
 */
public final class GaussianNoise extends RandomLayer<GaussianNoise> {
  private final double deviation;

  /**
   * Describes one.
   *
   * @param deviation standard deviation of the noise, from 0 to 1
   * @throws RillException if it is outside these bounds
   */
  public GaussianNoise(double deviation) {
    this(null, deviation, null);
  }

  private GaussianNoise(String name, double deviation, Long seed) {
    super(name, seed);
    if (!(deviation >= 0 && deviation <= 1)) {
      throw new RillException("layer " + label() + ": expected a standard deviation from 0 to 1, got " + deviation);
    }
    this.deviation = deviation;
  }

  /**
   * How strong it is.
   *
   * @return standard deviation of the noise, from 0 to 1
   */
  public double deviation() {
    return deviation;
  }

  @Override
  GaussianNoise with(String name, Long seed) {
    return new GaussianNoise(name, deviation, seed);
  }
}
