package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;

/**
 * A variable that a layer asks for.
 *
 * @param name its name in Keras: kernel, recurrent_kernel, bias
 * @param shape its axes
 * @param rules how it starts, what the loss takes for it, what it is held to
 * @param trained whether an optimizer changes it; what is kept but not trained, such as a moving average, changes in its own way
 */
public record Variable(String name, Shape shape, VariableRules rules, boolean trained) {
  /** Refuses null. */
  public Variable {
    Require.given(name, "the name of a variable");
    Require.given(shape, "the shape of a variable");
    Require.given(rules, "the rules of a variable");
  }

  /**
   * A variable that an optimizer changes.
   *
   * @param name its name in Keras
   * @param shape its axes
   * @param rules how it starts, what the loss takes for it, what it is held to
   */
  public Variable(String name, Shape shape, VariableRules rules) {
    this(name, shape, rules, true);
  }
}
