package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.List;

/**
 * Multiplies by normal noise of mean 1 and deviation {@code sqrt(rate / (1 - rate))} in training (Srivastava 2014, section 10);
 * nothing at inference.
 */
public final class GaussianDropout extends Layer {
  private final double rate;
  private final Long seed;

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
    super(name);
    if (!(rate >= 0 && rate < 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to below 1, got " + rate);
    }
    this.rate = rate;
    this.seed = seed;
  }

  /**
   * How strong it is.
   *
   * @return strength as the rate of a dropout, from 0 to below 1
   */
  public double rate() {
    return rate;
  }

  /**
   * What its random numbers are a function of.
   *
   * @return null, the default, for the seed of training and the place of the layer
   */
  public Long seed() {
    return seed;
  }

  /**
   * A copy with random numbers of its own, whatever the seed of training is.
   *
   * @param value any number; not the numbers that Keras would draw
   * @return the layer
   */
  public GaussianDropout seed(long value) {
    return new GaussianDropout(name(), rate, value);
  }

  @Override
  public GaussianDropout named(String name) {
    return new GaussianDropout(name, rate, seed);
  }

  @Override
  public boolean perStep() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    return List.of(only(inputs, initialState));
  }
}
