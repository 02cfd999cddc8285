package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What batch and layer normalization have in common: a factor gamma and an addend beta for each element of some axes, by default
 * the last, behind {@code (x - mean) / sqrt(variance + epsilon)}.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class NormalizationLayer<T extends NormalizationLayer<T>> extends Layer {
  /** The options as one record; axes count from the batch, which is 0, or from the end. */
  record Options(int[] axes, double epsilon, boolean center, boolean scale, VariableRules gamma, VariableRules beta,
      boolean trainable) {
    static final Options DEFAULT = new Options(new int[] {-1}, 1e-3, true, true, VariableRules.startingAs(Initializer.ones()),
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

  T axes(int... numbers) {
    return with(new Options(numbers, options.epsilon, options.center, options.scale, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with another epsilon.
   *
   * @param added 0.001 by default
   * @return the layer
   */
  public final T epsilon(double added) {
    return with(new Options(options.axes, added, options.center, options.scale, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with a beta, or without.
   *
   * @param add true by default
   * @return the layer
   */
  public final T center(boolean add) {
    return with(new Options(options.axes, options.epsilon, add, options.scale, options.gamma, options.beta, options.trainable));
  }

  /**
   * A copy with a gamma, or without.
   *
   * @param multiply true by default
   * @return the layer
   */
  public final T scale(boolean multiply) {
    return with(new Options(options.axes, options.epsilon, options.center, multiply, options.gamma, options.beta, options.trainable));
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
    return with(new Options(options.axes, options.epsilon, options.center, options.scale,
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
    return with(new Options(options.axes, options.epsilon, options.center, options.scale, options.gamma,
        new VariableRules(initializer, regularizer, constraint), options.trainable));
  }

  /**
   * A copy that is trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public final T trainable(boolean change) {
    return with(new Options(options.axes, options.epsilon, options.center, options.scale, options.gamma, options.beta, change));
  }

  /** The axes, counted from the batch, in Keras' order: ascending, as they were given. */
  final int[] axes(Shape input) {
    features(input);
    int[] axes = options.axes.clone();
    Arrays.sort(axes);
    boolean[] taken = new boolean[input.rank()];
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i] < 0 ? axes[i] + input.rank() : axes[i];
      if (axis < 1 || axis >= input.rank() || taken[axis]) {
        throw misfit("axes behind the batch, each once, not " + Arrays.toString(options.axes) + ",", input);
      }
      taken[axis] = true;
      axes[i] = axis;
    }
    return axes;
  }

  /** The shape of gamma and beta, which must be known. */
  final Shape figures(Shape input) {
    int[] sizes = axes(input);
    for (int i = 0; i < sizes.length; i++) {
      if (input.axis(sizes[i]) == Shape.UNKNOWN) {
        throw misfit("a known size of axis " + sizes[i] + ", each element of which has weights", input);
      }
      sizes[i] = input.axis(sizes[i]);
    }
    return Shape.of(sizes);
  }

  /** Gamma and beta, as far as there are any. */
  final List<Variable> gammaAndBeta(Shape input, boolean gamma, boolean beta) {
    List<Variable> variables = new ArrayList<>();
    if (gamma) {
      variables.add(new Variable("gamma", figures(input), options.gamma));
    }
    if (beta) {
      variables.add(new Variable("beta", figures(input), options.beta));
    }
    return variables;
  }

  /** Whether steps are told apart, or joined. */
  final boolean overTime(Shape input) {
    if (input.rank() > 2) {
      for (int axis : axes(input)) {
        if (axis == 1) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public final boolean perStep() {
    // Other axes count from the batch, which within a step is one less away.
    return options.axes.length == 1 && options.axes[0] == -1;
  }

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    axes(input);
    variables(inputs);
    return List.of(input);
  }
}
