package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;

/**
 * What is added to the loss to keep numbers small or apart. An immutable description; names and defaults are those of Keras. As
 * in Keras the numbers of a layer that is not trainable add nothing.
 */
public interface Regularizer {
  /**
   * What is added to the loss.
   *
   * @param w values
   * @param slice which of them
   * @return computed in double, in the order of the elements, and rounded once
   */
  float value(float[] w, Weights.Slice slice);

  /**
   * Adds the derivative of {@link #value} to a gradient.
   *
   * @param w values
   * @param g the gradient, laid out as the values
   * @param slice which of them
   */
  void addGradient(float[] w, float[] g, Weights.Slice slice);

  /**
   * Refuses what it cannot be applied to.
   *
   * @param slice a variable
   * @throws dev.rill.tensor.RillException if its shape does not fit
   */
  default void check(Weights.Slice slice) {}

  /**
   * Adds {@code factor * sum |w|}.
   *
   * @param factor 0.01 by default in Keras
   * @return Keras' {@code L1}
   */
  static Regularizer l1(double factor) {
    return new L1L2(factor, 0);
  }

  /**
   * Adds {@code factor * sum w^2}; there is no factor of one half.
   *
   * @param factor 0.01 by default in Keras
   * @return Keras' {@code L2}
   */
  static Regularizer l2(double factor) {
    return new L1L2(0, factor);
  }

  /**
   * Finds a regularizer by its name in Keras.
   *
   * @param name {@code l1}, {@code l2}, {@code l1l2}, {@code orthogonal_regularizer} or the name of the class
   * @return the regularizer with Keras' defaults: 0.01, but L1L2 adds nothing
   * @throws UnsupportedException if there is none of this name
   */
  static Regularizer named(String name) {
    switch (Require.given(name, "the name of a regularizer")) {
      case "l1", "L1":
        return l1(0.01);
      case "l2", "L2":
        return l2(0.01);
      case "l1l2", "L1L2":
        return new L1L2(0, 0);
      case "orthogonal_regularizer", "OrthogonalRegularizer":
        return new OrthogonalRegularizer(0.01, OrthogonalRegularizer.Mode.ROWS);
      default:
        throw new UnsupportedException("regularizer " + name + " is not supported; supported are l1, l2, l1l2 and "
            + "orthogonal_regularizer");
    }
  }
}
