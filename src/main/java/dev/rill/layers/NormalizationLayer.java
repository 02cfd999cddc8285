package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.ArrayList;
import java.util.List;

/**
 * What batch and layer normalization have in common: a factor gamma and an addend beta for each feature of the last axis, behind
 * {@code (x - mean) / sqrt(variance + epsilon)}.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class NormalizationLayer<T extends NormalizationLayer<T>> extends Layer {
  /** The options as one record. */
  record Options(int axis, double epsilon, boolean center, boolean scale, VariableRules gamma, VariableRules beta,
      boolean trainable) {
    static final Options DEFAULT = new Options(-1, 1e-3, true, true, VariableRules.startingAs(Initializer.ones()),
        VariableRules.startingAs(Initializer.zeros()), true);
  }

  final Options options;

  NormalizationLayer(String name, Options options) {
    super(name);
    this.options = options;
    if (!(options.epsilon >= 0)) {
      throw new RillException("layer " + label() + ": expected an epsilon of 0 or more, got " + options.epsilon);
    }
  }

  abstract T with(Options changed);

  /**
   * The axis whose elements have a gamma and beta each.
   *
   * @return −1, the last, by default
   */
  public final int axis() {
    return options.axis;
  }

  /**
   * What is added to the variance.
   *
   * @return 0.001 by default
   */
  public final double epsilon() {
    return options.epsilon;
  }

  /**
   * Whether beta is added.
   *
   * @return true by default
   */
  public final boolean center() {
    return options.center;
  }

  /**
   * Whether gamma is multiplied.
   *
   * @return true by default
   */
  public final boolean scale() {
    return options.scale;
  }

  /**
   * The rules of gamma.
   *
   * @return by default it starts at one
   */
  public final VariableRules gammaRules() {
    return options.gamma;
  }

  /**
   * The rules of beta.
   *
   * @return by default it starts at zero
   */
  public final VariableRules betaRules() {
    return options.beta;
  }

  @Override
  public final boolean trainable() {
    return options.trainable;
  }

  /**
   * A copy with another axis, which must be the last where the layer is applied.
   *
   * @param number −1 or the number of the last axis
   * @return the layer
   */
  public final T axis(int number) {
    return with(new Options(number, options.epsilon, options.center, options.scale, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with another epsilon.
   *
   * @param added 0.001 by default
   * @return the layer
   */
  public final T epsilon(double added) {
    return with(new Options(options.axis, added, options.center, options.scale, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with a beta, or without.
   *
   * @param add true by default
   * @return the layer
   */
  public final T center(boolean add) {
    return with(new Options(options.axis, options.epsilon, add, options.scale, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with a gamma, or without.
   *
   * @param multiply true by default
   * @return the layer
   */
  public final T scale(boolean multiply) {
    return with(new Options(options.axis, options.epsilon, options.center, multiply, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with other rules of gamma.
   *
   * @param initializer ones by default
   * @param regularizer null, the default, for nothing
   * @param constraint null, the default, for nothing
   * @return the layer
   */
  public final T gamma(Initializer initializer, Regularizer regularizer, Constraint constraint) {
    return with(new Options(options.axis, options.epsilon, options.center, options.scale,
        new VariableRules(initializer, regularizer, constraint), options.beta, options.trainable));
  }

  /**
   * A copy with other rules of beta.
   *
   * @param initializer zeros by default
   * @param regularizer null, the default, for nothing
   * @param constraint null, the default, for nothing
   * @return the layer
   */
  public final T beta(Initializer initializer, Regularizer regularizer, Constraint constraint) {
    return with(new Options(options.axis, options.epsilon, options.center, options.scale, options.gamma,
        new VariableRules(initializer, regularizer, constraint), options.trainable));
  }

  /**
   * A copy that is trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public final T trainable(boolean change) {
    return with(new Options(options.axis, options.epsilon, options.center, options.scale, options.gamma, options.beta, change));
  }

  /** Gamma and beta, unless they are switched off. */
  final List<Variable> gammaAndBeta(Shape input) {
    Shape features = Shape.of(features(input));
    List<Variable> variables = new ArrayList<>();
    if (options.scale) {
      variables.add(new Variable("gamma", features, options.gamma));
    }
    if (options.center) {
      variables.add(new Variable("beta", features, options.beta));
    }
    return variables;
  }

  @Override
  public final boolean perStep() {
    return true;
  }

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    features(input);
    if (options.axis != -1 && options.axis != input.rank() - 1) {
      throw new UnsupportedException("layer " + label() + " normalizes axis " + options.axis + " of " + input
          + "; only the last axis is supported");
    }
    return List.of(input);
  }
}
