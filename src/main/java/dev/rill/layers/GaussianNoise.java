package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.List;

/**
 * Adds normal noise in training; nothing at inference.
 */
public final class GaussianNoise extends Layer {
  private final double deviation;
  private final Long seed;

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
    super(name);
    if (!(deviation >= 0 && deviation <= 1)) {
      throw new RillException("layer " + label() + ": expected a standard deviation from 0 to 1, got " + deviation);
    }
    this.deviation = deviation;
    this.seed = seed;
  }

  /**
   * How strong it is.
   *
   * @return standard deviation of the noise, from 0 to 1
   */
  public double deviation() {
    return deviation;
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
  public GaussianNoise seed(long value) {
    return new GaussianNoise(name(), deviation, value);
  }

  @Override
  public GaussianNoise named(String name) {
    return new GaussianNoise(name, deviation, seed);
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
