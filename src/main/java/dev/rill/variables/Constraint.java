package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;

/**
 * What a variable is held to: applied after each update, not to its first values. An immutable description; names and defaults
 * are those of Keras.
 *
 * <p>A norm is taken along one axis: with 0, the default, that of each column of a kernel (inputs, outputs). Its squares are
 * added up in double, in the order of the elements; everything else is float arithmetic in Keras' order.
 */
public interface Constraint {
  /**
   * Changes one variable.
   *
   * @param w all weights
   * @param slice the variable
   */
  void apply(float[] w, Weights.Slice slice);

  /**
   * Refuses what it cannot be applied to.
   *
   * @param slice a variable
   * @throws dev.rill.tensor.RillException if its shape does not fit
   */
  default void check(Weights.Slice slice) {}

  /**
   * No norm above a limit, along axis 0.
   *
   * @param max the limit, 2 by default in Keras
   * @return Keras' {@code MaxNorm}
   */
  static Constraint maxNorm(double max) {
    return new MinMaxNorm(0, max, 1, 0);
  }

  /**
   * Every norm 1, along axis 0.
   *
   * @return Keras' {@code UnitNorm}
   */
  static Constraint unitNorm() {
    return new UnitNorm(0);
  }

  /**
   * No norm below or above a limit, along axis 0.
   *
   * @param min the lower limit, 0 by default in Keras
   * @param max the upper limit, 1 by default in Keras
   * @return Keras' {@code MinMaxNorm} with a rate of 1
   */
  static Constraint minMaxNorm(double min, double max) {
    return new MinMaxNorm(min, max, 1, 0);
  }

  /**
   * No number below 0.
   *
   * @return Keras' {@code NonNeg}
   */
  static Constraint nonNeg() {
    return new NonNeg();
  }

  /**
   * Finds a constraint by its name in Keras.
   *
   * @param name {@code max_norm}, {@code unit_norm}, {@code min_max_norm}, {@code non_neg} or the name of the class
   * @return the constraint with Keras' defaults
   * @throws UnsupportedException if there is none of this name
   */
  static Constraint named(String name) {
    switch (Require.given(name, "the name of a constraint")) {
      case "max_norm", "MaxNorm":
        return maxNorm(2);
      case "unit_norm", "UnitNorm":
        return unitNorm();
      case "min_max_norm", "MinMaxNorm":
        return minMaxNorm(0, 1);
      case "non_neg", "NonNeg":
        return nonNeg();
      default:
        throw new UnsupportedException("constraint " + name + " is not supported; supported are max_norm, unit_norm, "
            + "min_max_norm and non_neg");
    }
  }
}
