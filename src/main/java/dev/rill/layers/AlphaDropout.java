package dev.rill.layers;

import dev.rill.tensor.RillException;

/**
 * Dropout for {@link ActivationFunction#SELU} (Klambauer 2017, section "alpha dropout"): in training an element takes SELU's lowest
 * value with the given probability, and all are scaled and moved so that mean and variance stay as they are; nothing at inference.
 */
public final class AlphaDropout extends RandomLayer<AlphaDropout> {
  private final double rate;

  /**
   * Describes one.
   *
   * @param rate probability for an element to be dropped, from 0 to below 1
   * @throws RillException if it is outside these bounds
   */
  public AlphaDropout(double rate) {
    this(null, rate, null);
  }

  private AlphaDropout(String name, double rate, Long seed) {
    super(name, seed);
    if (!(rate >= 0 && rate < 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to below 1, got " + rate);
    }
    this.rate = rate;
  }

  /**
   * How much is dropped.
   *
   * @return probability for an element, from 0 to below 1
   */
  public double rate() {
    return rate;
  }

  @Override
  AlphaDropout with(String name, Long seed) {
    return new AlphaDropout(name, rate, seed);
  }
}
