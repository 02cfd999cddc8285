package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.RandomUniform;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.List;

/**
 * A vector for each id: row {@code id} of a table. Table (ids, units).
 *
 * <p>It reads an input of the model of shape (batch, time), a sequence of ids, which nothing but embeddings may read; a session
 * takes one id a step. An id is a float, its fraction is cut off as in Keras. One that is NaN or outside the table is an error
 * before anything changes.
 *
 * <p>With {@code maskZero} a step whose id is 0 (before its fraction is cut off) is masked: the recurrent layers behind it pass
 * over it. Row 0 of the table is looked up all the same.
 */
public final class Embedding extends Layer {
  /** The table stands in the place of a kernel; it starts as Keras' {@code uniform}. */
  private static final KernelRules DEFAULT =
      KernelRules.DEFAULT.kernel(VariableRules.startingAs(new RandomUniform(-0.05, 0.05)));

  private final int ids;
  private final int units;
  private final boolean maskZero;
  private final KernelRules rules;

  /**
   * Describes a table.
   *
   * @param ids number of ids, Keras' {@code input_dim}: they go from 0 to {@code ids - 1}
   * @param units length of a vector, Keras' {@code output_dim}
   * @throws ShapeException if one of them is not positive
   */
  public Embedding(int ids, int units) {
    this(null, ids, units, false, DEFAULT);
  }

  private Embedding(String name, int ids, int units, boolean maskZero, KernelRules rules) {
    super(name);
    if (ids <= 0 || units <= 0) {
      throw new ShapeException("layer " + label() + ": expected a positive number of ids and units, got " + ids + " and "
          + units);
    }
    this.ids = ids;
    this.units = units;
    this.maskZero = maskZero;
    this.rules = rules;
  }

  /**
   * Number of ids.
   *
   * @return rows of the table
   */
  @Override
  public int ids() {
    return ids;
  }

  /**
   * Length of a vector.
   *
   * @return columns of the table
   */
  public int units() {
    return units;
  }

  /**
   * Whether steps with id 0 are masked.
   *
   * @return false by default
   */
  public boolean maskZero() {
    return maskZero;
  }

  /**
   * Sets whether steps with id 0 are masked.
   *
   * @param mask false by default
   * @return another description
   */
  public Embedding maskZero(boolean mask) {
    return new Embedding(name(), ids, units, mask, rules);
  }

  /**
   * The rules of the table.
   *
   * @return by default it starts uniform from −0.05 to 0.05, without regularizer and constraint
   */
  public VariableRules embeddingsRules() {
    return rules.kernel();
  }

  @Override
  public Regularizer activityRegularizer() {
    return rules.activity();
  }

  @Override
  public boolean trainable() {
    return rules.trainable();
  }

  /**
   * Sets how the table starts.
   *
   * @param initializer uniform from −0.05 to 0.05 by default
   * @return another description
   */
  public Embedding embeddingsInitializer(Initializer initializer) {
    return with(rules.kernel(rules.kernel().with(initializer)));
  }

  /**
   * Sets what the loss takes for the table.
   *
   * @param regularizer null, the default, for nothing
   * @return another description
   */
  public Embedding embeddingsRegularizer(Regularizer regularizer) {
    return with(rules.kernel(rules.kernel().with(regularizer)));
  }

  /**
   * Sets what the table is held to.
   *
   * @param constraint null, the default, for nothing
   * @return another description
   */
  public Embedding embeddingsConstraint(Constraint constraint) {
    return with(rules.kernel(rules.kernel().with(constraint)));
  }

  /**
   * Sets what the loss takes for the layer's outputs.
   *
   * @param regularizer null, the default, for nothing
   * @return another description
   */
  public Embedding activityRegularizer(Regularizer regularizer) {
    return with(rules.activity(regularizer));
  }

  /**
   * Sets whether training changes the table.
   *
   * @param change true by default
   * @return another description
   */
  public Embedding trainable(boolean change) {
    return with(rules.trainable(change));
  }

  private Embedding with(KernelRules changed) {
    return new Embedding(name(), ids, units, maskZero, changed);
  }

  @Override
  public Embedding named(String name) {
    return new Embedding(name, ids, units, maskZero, rules);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 2) {
      throw unsupported("ids (batch, time)", input, "give its Input one axis, that of time");
    }
    return List.of(Shape.of(input.axis(0), input.axis(1), units));
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return maskZero ? Mask.where(inputs.get(0), 0) : null;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    return List.of(new Variable("embeddings", Shape.of(ids, units), rules.kernel()));
  }
}
