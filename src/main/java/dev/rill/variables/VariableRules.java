package dev.rill.variables;

import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;

/**
 * How one variable starts, what the loss takes for it, and what it is held to.
 *
 * @param initializer how it starts
 * @param regularizer what is added to the loss, or null for nothing
 * @param constraint what follows each update, or null for nothing
 */
public record VariableRules(Initializer initializer, Regularizer regularizer, Constraint constraint) {
  /** Checks that there is an initializer. */
  public VariableRules {
    if (initializer == null) {
      throw new RillException("expected an initializer, got null; Initializer.zeros() gives zeros");
    }
  }

  /**
   * Neither regularizer nor constraint.
   *
   * @param initializer how the variable starts
   * @return the rules
   */
  public static VariableRules startingAs(Initializer initializer) {
    return new VariableRules(initializer, null, null);
  }

  /**
   * A copy with another initializer.
   *
   * @param other how the variable starts
   * @return the rules
   */
  public VariableRules with(Initializer other) {
    return new VariableRules(other, regularizer, constraint);
  }

  /**
   * A copy with another regularizer.
   *
   * @param other what is added to the loss, or null for nothing
   * @return the rules
   */
  public VariableRules with(Regularizer other) {
    return new VariableRules(initializer, other, constraint);
  }

  /**
   * A copy with another constraint.
   *
   * @param other what follows each update, or null for nothing
   * @return the rules
   */
  public VariableRules with(Constraint other) {
    return new VariableRules(initializer, regularizer, other);
  }

  /**
   * Refuses what cannot be carried out: to be called before training starts.
   *
   * @param slice the variable
   * @throws RillException if regularizer or constraint do not fit its shape
   * @throws dev.rill.tensor.UnsupportedException if one of them is unknown
   */
  public void check(Weights.Slice slice) {
    if (regularizer != null) {
      regularizer.check(slice);
    }
    if (constraint != null) {
      constraint.check(slice);
    }
  }
}
