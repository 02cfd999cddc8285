package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.List;

/**
 * Dropout for {@link ActivationFunction#SELU} (Klambauer 2017, section "alpha dropout"): in training an element takes SELU's lowest
 * value with the given probability, and all are scaled and moved so that mean and variance stay as they are; nothing at inference.
 */
public final class AlphaDropout extends Layer {
  private final double rate;
  private final Long seed;

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
    super(name);
    if (!(rate >= 0 && rate < 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to below 1, got " + rate);
    }
    this.rate = rate;
    this.seed = seed;
  }

  /**
   * How much is dropped.
   *
   * @return probability for an element, from 0 to below 1
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
  public AlphaDropout seed(long value) {
    return new AlphaDropout(name(), rate, value);
  }

  @Override
  public AlphaDropout named(String name) {
    return new AlphaDropout(name, rate, seed);
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
