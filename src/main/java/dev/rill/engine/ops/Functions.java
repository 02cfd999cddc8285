package dev.rill.engine.ops;

import dev.rill.kernels.Function;
import dev.rill.layers.ActivationFunction;

/** The kernels' functions by the names that descriptions give them. */
public final class Functions {
  private Functions() {}

  /**
   * Finds the function that carries out an activation.
   *
   * @param activation what a layer says
   * @return the constant of the same name
   */
  public static Function of(ActivationFunction activation) {
    return Function.valueOf(activation.name());
  }
}
