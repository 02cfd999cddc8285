package dev.rill.layers;

import dev.rill.variables.UnitForgetBias;
import dev.rill.variables.VariableRules;
import java.util.List;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000), as Keras computes it:
 *
 * <pre>
 *   i = sigmoid(x @ W_i + h @ U_i + b_i)
 *   f = sigmoid(x @ W_f + h @ U_f + b_f)
 *   o = sigmoid(x @ W_o + h @ U_o + b_o)
 *   g = tanh(x @ W_g + h @ U_g + b_g)
 *   c' = f . c + i . g
 *   h' = o . tanh(c')
 * </pre>
 *
 * <p>Kernel W (inputs, 4 units), recurrent kernel U (units, 4 units), bias b (4 units), gates in the order i, f, g (the
 * candidate, which Keras calls c), o. State: h and c.
 */
public final class LSTM extends GatedRecurrent<LSTM> {
  /**
   * Describes a layer with Keras' defaults.
   *
   * @param units length of the hidden state
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public LSTM(int units) {
    this(null, new Options(units));
  }

  private LSTM(String name, Options options) {
    super(name, options);
  }

  /**
   * Whether the forget gate's bias starts at 1, whatever the other gates' start at; it has no effect on weights that were loaded.
   *
   * @return true by default
   */
  public boolean unitForgetBias() {
    return options.unitForgetBias;
  }

  /**
   * Sets whether the forget gate's bias starts at 1.
   *
   * @param one true by default
   * @return another description
   */
  public LSTM unitForgetBias(boolean one) {
    Options changed = options.copy();
    changed.unitForgetBias = one;
    return with(name(), changed);
  }

  @Override
  LSTM with(String name, Options changed) {
    return new LSTM(name, changed);
  }

  @Override
  public List<String> stateNames() {
    return List.of("h", "c");
  }

  @Override
  int gates() {
    return 4;
  }

  @Override
  VariableRules ownBiasRules() {
    return unitForgetBias() ? biasRules().with(new UnitForgetBias(biasRules().initializer(), units())) : biasRules();
  }
}
