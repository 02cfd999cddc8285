package dev.rill.engine.ops;

import dev.rill.kernels.Function;
import dev.rill.kernels.Kernels;
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

  /**
   * Applies a function to some rows of results.
   *
   * @param function to apply
   * @param k the kernels of this call
   * @param a rows from {@code [0]} on
   * @param rows how many
   * @param width floats of a row that count
   * @param stride floats from row to row; what lies between rows may be overwritten
   */
  static void apply(Function function, Kernels k, float[] a, int rows, int width, int stride) {
    if (function.rowWise() || width < stride) {
      for (int at = 0; at < rows * stride; at += stride) {
        function.apply(k, a, at, width);
      }
    } else {
      function.apply(k, a, 0, rows * stride);
    }
  }
}
