package dev.rill.layers;

import dev.rill.tensor.RillException;

/**
 * Multiplies by normal noise of mean 1 and deviation {@code sqrt(rate / (1 - rate))} in training (Srivastava 2014, section 10);
 * nothing at inference.
 */
public final class GaussianDropout extends RandomLayer<GaussianDropout> {
  private final double rate;

  /**
   * Describes one.
   *
   * @param rate strength as the rate of a dropout, from 0 to below 1
   * @throws RillException if it is outside these bounds
   */
  public GaussianDropout(double rate) {
    this(null, rate, null);
  }

  private GaussianDropout(String name, double rate, Long seed) {
    super(name, seed);
    if (!(rate >= 0 && rate < 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to below 1, got " + rate);
    }
    this.rate = rate;
  }

  /**
   * How strong it is.
   *
   * @return strength as the rate of a dropout, from 0 to below 1
   */
  public double rate() {
    return rate;
  }

  @Override
  GaussianDropout with(String name, Long seed) {
    return new GaussianDropout(name, rate, seed);
  }
}
