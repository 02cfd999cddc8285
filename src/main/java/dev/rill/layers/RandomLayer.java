package dev.rill.layers;

/**
 * What dropout and noise have in common: numbers are drawn in training, and nothing happens at inference. Which are drawn is a function
 * of (seed, layer, training call, row, step, unit).
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class RandomLayer<T extends RandomLayer<T>> extends ElementwiseLayer {
  /** Null for that of training. */
  private final Long seed;

  RandomLayer(String name, Long seed) {
    super(name);
    this.seed = seed;
  }

  /** The same layer with another name and seed. */
  abstract T with(String name, Long seed);

  /**
   * What its random numbers are a function of.
   *
   * @return null, the default, for the seed of training and the place of the layer
   */
  public final Long seed() {
    return seed;
  }

  /**
   * Sets what its random numbers are a function of, whatever the seed of training is; layers of one seed draw alike, as in Keras.
   *
   * @param value any number; not the numbers that Keras would draw
   * @return another description
   */
  public final T seed(long value) {
    return with(name(), value);
  }

  @Override
  public final T named(String name) {
    return with(name, seed);
  }
}
