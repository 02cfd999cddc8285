package dev.rill.layers;

import java.util.List;

/**
 * The plain recurrent network (Elman 1990), as Keras computes it:
 * {@code h' = tanh(x @ kernel + h @ recurrent_kernel + bias)}.
 *
 * <p>Kernel (inputs, units), recurrent kernel (units, units), bias (units). State: h.
 */
public final class SimpleRNN extends Recurrent<SimpleRNN> {
  /**
   * Describes a layer with Keras' defaults.
   *
   * @param units length of the hidden state
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public SimpleRNN(int units) {
    this(null, new Options(units));
  }

  private SimpleRNN(String name, Options options) {
    super(name, options);
  }

  @Override
  SimpleRNN with(String name, Options changed) {
    return new SimpleRNN(name, changed);
  }

  @Override
  public List<String> stateNames() {
    return List.of("h");
  }

  @Override
  int gates() {
    return 1;
  }
}
