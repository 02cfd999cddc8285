package dev.rill.layers;

/**
 * What LSTM and GRU have in common: gates with an activation of their own.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class GatedRecurrent<T extends GatedRecurrent<T>> extends Recurrent<T> {
  GatedRecurrent(String name, Options options) {
    super(name, options);
  }

  /**
   * What is applied to the gates.
   *
   * @return sigmoid by default
   */
  public final ActivationFunction recurrentActivation() {
    return options.recurrentActivation;
  }

  /**
   * Sets the activation of the gates.
   *
   * @param function sigmoid by default
   * @return another description
   */
  public final T recurrentActivation(ActivationFunction function) {
    Options changed = options.copy();
    changed.recurrentActivation = function;
    return with(name(), changed);
  }

  /**
   * Sets the activation of the gates by its name in Keras.
   *
   * @param function sigmoid by default
   * @return another description
   */
  public final T recurrentActivation(String function) {
    return recurrentActivation(ActivationFunction.named(function));
  }
}
