package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Variable;
import java.util.List;

/**
 * A dense layer: {@code y = activation(x @ kernel + bias)} on the last axis, for every row and, on a sequence, every time
 * step.
 *
 * <p>Kernel (inputs, units), bias (units). Defaults as in Keras: linear, with bias.
 */
public final class Dense extends KernelLayer<Dense> {
  private final int units;
  private final ActivationFunction activation;
  private final boolean useBias;

  /**
   * Describes a linear dense layer with bias.
   *
   * @param units number of outputs
   * @throws ShapeException if it is not positive
   */
  public Dense(int units) {
    this(null, units, ActivationFunction.LINEAR, true, KernelRules.DEFAULT);
  }

  private Dense(String name, int units, ActivationFunction activation, boolean useBias, KernelRules rules) {
    super(name, rules);
    if (units <= 0) {
      throw new ShapeException("layer " + label() + ": expected a positive number of units, got " + units);
    }
    this.units = units;
    this.activation = activation;
    this.useBias = useBias;
  }

  /**
   * Number of outputs.
   *
   * @return units
   */
  public int units() {
    return units;
  }

  /**
   * What is applied to the product.
   *
   * @return the activation
   */
  public ActivationFunction activation() {
    return activation;
  }

  /**
   * Whether a bias is added.
   *
   * @return true by default
   */
  public boolean useBias() {
    return useBias;
  }

  /**
   * Sets the activation.
   *
   * @param function what to apply to the product
   * @return another description
   */
  public Dense activation(ActivationFunction function) {
    return new Dense(name(), units, function, useBias, rules);
  }

  /**
   * Sets the activation by its name in Keras.
   *
   * @param function such as {@code softmax}
   * @return another description
   */
  public Dense activation(String function) {
    return activation(ActivationFunction.named(function));
  }

  /**
   * Sets whether a bias is added.
   *
   * @param use false for none
   * @return another description
   */
  public Dense useBias(boolean use) {
    return new Dense(name(), units, activation, use, rules);
  }

  @Override
  public Dense named(String name) {
    return new Dense(name, units, activation, useBias, rules);
  }

  @Override
  Dense with(KernelRules changed) {
    return new Dense(name(), units, activation, useBias, changed);
  }

  @Override
  public boolean perStep() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 2 && input.rank() != 3) {
      throw unsupported("(batch, features) or (batch, time, features)", input, "make it TimeDistributed, or features one axis by a "
          + "Reshape in front of it");
    }
    features(input);
    return List.of(input.with(-1, units));
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    Variable kernel = new Variable("kernel", Shape.of(features(only(inputs)), units), rules.kernel());
    return useBias ? List.of(kernel, new Variable("bias", Shape.of(units), rules.bias())) : List.of(kernel);
  }

  @Override
  public long multiplyAdds(Shape input) {
    return (long) features(input) * units;
  }
}
