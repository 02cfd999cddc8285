package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Variable;
import java.util.List;

/**
 * A convolution over time: every output step is {@code activation(window @ kernel + bias)}, where the window is the features of
 * {@code kernelSize} steps, one behind the other.
 *
 * <p>Kernel (kernel size, features / groups, filters), bias (filters). Defaults as in Keras: strides 1, padding valid, dilation 1,
 * one group, linear, with bias. Groups share out features and filters in order: each filter reads the features of its own group.
 * A mask ends here.
 *
 * <p>With padding causal and strides 1 it can be streamed. A session then keeps the last {@code dilationRate * (kernelSize - 1)}
 * steps that it has read, zeros before the first.
 */
public final class Conv1D extends KernelLayer<Conv1D> {
  /** Kind of the plane of the steps that are still to be read, the oldest first. */
  private static final String TAIL = "tail";

  private final int filters;
  private final Window window;
  private final int groups;
  private final ActivationFunction activation;
  private final boolean useBias;

  /**
   * Describes a linear convolution with bias.
   *
   * @param filters number of outputs a step
   * @param kernelSize steps that each output reads
   * @throws ShapeException if one is not positive
   */
  public Conv1D(int filters, int kernelSize) {
    this(null, filters, new Window(kernelSize, 1, 1, Padding.VALID), 1, ActivationFunction.LINEAR, true, KernelRules.DEFAULT);
  }

  private Conv1D(String name, int filters, Window window, int groups, ActivationFunction activation, boolean useBias,
      KernelRules rules) {
    super(name, rules);
    if (filters <= 0) {
      throw new ShapeException("layer " + label() + ": expected a positive number of filters, got " + filters);
    }
    if (groups <= 0 || filters % groups != 0) {
      throw new ShapeException("layer " + label() + ": expected a number of groups that divides " + filters + " filters, got "
          + groups);
    }
    if (window.strides() > 1 && window.dilation() > 1) {
      throw new UnsupportedException("layer " + label() + ": strides of " + window.strides() + " and a dilation of "
          + window.dilation() + "; only one of both may be more than 1, as in Keras");
    }
    this.filters = filters;
    this.window = window;
    this.groups = groups;
    this.activation = activation;
    this.useBias = useBias;
  }

  /**
   * Number of outputs a step.
   *
   * @return filters
   */
  public int filters() {
    return filters;
  }

  /**
   * What each output reads: kernel size, strides, dilation rate and padding.
   *
   * @return the window
   */
  public Window window() {
    return window;
  }

  /**
   * Among how many groups features and filters are shared out.
   *
   * @return 1 by default
   */
  public int groups() {
    return groups;
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
   * Sets by how many steps the window moves on.
   *
   * @param steps 1 by default
   * @return a copy
   */
  public Conv1D strides(int steps) {
    return with(new Window(window.size(), steps, window.dilation(), window.padding()));
  }

  /**
   * Sets the padding.
   *
   * @param padding valid by default
   * @return a copy
   */
  public Conv1D padding(Padding padding) {
    return with(new Window(window.size(), window.strides(), window.dilation(), padding));
  }

  /**
   * Sets the padding by its name in Keras.
   *
   * @param padding such as {@code causal}
   * @return a copy
   */
  public Conv1D padding(String padding) {
    return padding(Padding.named(padding));
  }

  /**
   * Sets the distance between the steps that a window reads.
   *
   * @param steps 1 by default; more only with strides of 1
   * @return a copy
   */
  public Conv1D dilationRate(int steps) {
    return with(new Window(window.size(), window.strides(), steps, window.padding()));
  }

  /**
   * Sets among how many groups features and filters are shared out.
   *
   * @param count 1 by default; it divides both
   * @return a copy
   */
  public Conv1D groups(int count) {
    return new Conv1D(name(), filters, window, count, activation, useBias, rules);
  }

  /**
   * Sets the activation.
   *
   * @param function what to apply to the product
   * @return a copy
   */
  public Conv1D activation(ActivationFunction function) {
    return new Conv1D(name(), filters, window, groups, function, useBias, rules);
  }

  /**
   * Sets the activation by its name in Keras.
   *
   * @param function such as {@code relu}
   * @return a copy
   */
  public Conv1D activation(String function) {
    return activation(ActivationFunction.named(function));
  }

  /**
   * Sets whether a bias is added.
   *
   * @param use false for none
   * @return a copy
   */
  public Conv1D useBias(boolean use) {
    return new Conv1D(name(), filters, window, groups, activation, use, rules);
  }

  @Override
  public Conv1D named(String name) {
    return new Conv1D(name, filters, window, groups, activation, useBias, rules);
  }

  @Override
  Conv1D with(KernelRules changed) {
    return new Conv1D(name(), filters, window, groups, activation, useBias, changed);
  }

  private Conv1D with(Window changed) {
    return new Conv1D(name(), filters, changed, groups, activation, useBias, rules);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    if (features(input) % groups != 0) {
      throw misfit("a number of features that " + groups + " groups divide", input);
    }
    if ((long) window.span() * features(input) > Integer.MAX_VALUE) {
      throw misfit("fewer features, or a window that spans less than " + window.span() + " steps", input);
    }
    return List.of(Shape.of(input.axis(0), window.axis(this, input.axis(1)), filters));
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    Variable kernel = new Variable("kernel", Shape.of(window.size(), features(only(inputs)) / groups, filters), rules.kernel());
    return useBias ? List.of(kernel, new Variable("bias", Shape.of(filters), rules.bias())) : List.of(kernel);
  }

  @Override
  public List<State.Plane> state(List<Shape> inputs) {
    int tail = window.span() - 1;
    return window.padding() == Padding.CAUSAL && window.keepsTime() && tail > 0
        ? List.of(new State.Plane(name(), TAIL, tail * features(only(inputs)))) : List.of();
  }

  @Override
  public boolean keepsTime() {
    return window.keepsTime();
  }

  @Override
  public int steps(int... inputs) {
    return window.axis(this, firstSteps(inputs));
  }

  @Override
  String needsWholeTime() {
    String why = window.needsWholeTime();
    return why == null ? null : why + "; with padding causal and strides 1 it could be stepped";
  }

  @Override
  public long multiplyAdds(Shape input) {
    return (long) window.size() * (features(input) / groups) * filters;
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return null;
  }
}
