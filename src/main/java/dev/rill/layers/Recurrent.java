package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.ArrayList;
import java.util.List;

/**
 * What LSTM, GRU and SimpleRNN have in common: units, the options of Keras, and a state that lives outside.
 *
 * <p>Input (batch, time, features); output (batch, units), or (batch, time, units) with {@code returnSequences}. A masked step
 * leaves the state as it is and gives the output of the step before, or zeros. The {@code stateful} flag steers only the Keras
 * face of a model: a session carries every recurrent layer.
 *
 * @param <T> the layer's own class, which every option gives back
 */
public abstract class Recurrent<T extends Recurrent<T>> extends KernelLayer<T> implements OverTime {
  /** The options as one record of fields, copied for each change: a description itself never changes. */
  static final class Options implements Cloneable {
    final int units;
    ActivationFunction activation = ActivationFunction.TANH;
    ActivationFunction recurrentActivation = ActivationFunction.SIGMOID;
    boolean useBias = true;
    boolean returnSequences;
    boolean returnState;
    boolean goBackwards;
    boolean stateful;
    boolean zeroOutputForMask;
    boolean unitForgetBias = true;
    boolean resetAfter = true;
    double dropout;
    double recurrentDropout;
    KernelRules rules = KernelRules.DEFAULT;

    Options(int units) {
      this.units = units;
    }

    Options copy() {
      try {
        return (Options) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Beyond this the gates of one row would not fit into an array. */
  private static final int MAX_UNITS = 1 << 28;

  final Options options;

  Recurrent(String name, Options options) {
    super(name, options.rules);
    if (options.units <= 0) {
      throw new ShapeException("layer " + label() + ": expected a positive number of units, got " + options.units);
    }
    if (options.units > MAX_UNITS) {
      throw new ShapeException("layer " + label() + ": expected at most " + MAX_UNITS + " units, got " + options.units);
    }
    this.options = options;
  }

  /** The same class of layer with other options. */
  abstract T with(String name, Options changed);

  @Override
  final T with(KernelRules changed) {
    Options all = options.copy();
    all.rules = changed;
    return with(name(), all);
  }

  /**
   * What the parts of its state are called, in Keras' order.
   *
   * @return h, or h and c
   */
  public abstract List<String> stateNames();

  /** Gates that read the input: the kernel has as many columns a unit. */
  abstract int gates();

  /** Shape of the bias. */
  Shape biasShape() {
    return Shape.of(gates() * units());
  }

  @Override
  public final List<Variable> variables(List<Shape> inputs) {
    List<Variable> variables = new ArrayList<>();
    variables.add(new Variable("kernel", Shape.of(features(only(inputs)), gates() * units()), rules.kernel()));
    variables.add(new Variable("recurrent_kernel", Shape.of(units(), gates() * units()), rules.recurrent()));
    if (useBias()) {
      variables.add(new Variable("bias", biasShape(), ownBiasRules()));
    }
    return variables;
  }

  @Override
  public final List<State.Plane> state(List<Shape> inputs) {
    List<State.Plane> planes = new ArrayList<>();
    for (String part : stateNames()) {
      planes.add(new State.Plane(name(), part, units()));
    }
    return planes;
  }

  @Override
  public final State.Plane lastOutput() {
    return zeroOutputForMask() ? null : new State.Plane(name(), State.Plane.LAST_OUTPUT, units());
  }

  @Override
  final String needsWholeTime() {
    return goBackwards() ? "goes backwards and needs the whole time axis" : null;
  }

  @Override
  public final long multiplyAdds(Shape input) {
    return (long) gates() * (features(input) + units()) * units();
  }

  /**
   * Number of units.
   *
   * @return length of the hidden state
   */
  public final int units() {
    return options.units;
  }

  /**
   * What is applied to the candidate and, in an LSTM, to the cell state.
   *
   * @return tanh by default
   */
  public final ActivationFunction activation() {
    return options.activation;
  }

  /**
   * Whether biases are added.
   *
   * @return true by default
   */
  public final boolean useBias() {
    return options.useBias;
  }

  /**
   * Whether every time step's output is returned rather than the last one's.
   *
   * @return false by default
   */
  @Override
  public final boolean returnSequences() {
    return options.returnSequences;
  }

  /**
   * Whether the final states are returned behind the output.
   *
   * @return false by default
   */
  @Override
  public final boolean returnState() {
    return options.returnState;
  }

  /**
   * Whether time runs from the last step to the first; a sequence comes out in that order.
   *
   * @return false by default
   */
  @Override
  public final boolean goBackwards() {
    return options.goBackwards;
  }

  /**
   * Whether the Keras face of a model carries the state from call to call.
   *
   * @return false by default
   */
  @Override
  public final boolean stateful() {
    return options.stateful;
  }

  /**
   * Whether a masked step's output is zeros rather than the output of the step before.
   *
   * @return false by default
   */
  public final boolean zeroOutputForMask() {
    return options.zeroOutputForMask;
  }

  /**
   * Share of input features set to zero in training.
   *
   * @return 0 by default
   */
  public final double dropout() {
    return options.dropout;
  }

  /**
   * Share of recurrent units set to zero in training.
   *
   * @return 0 by default
   */
  public final double recurrentDropout() {
    return options.recurrentDropout;
  }

  /**
   * The rules of the recurrent kernel.
   *
   * @return by default it starts orthogonal, without regularizer and constraint
   */
  public final VariableRules recurrentRules() {
    return rules.recurrent();
  }

  @Override
  public final T named(String name) {
    return with(name, options);
  }

  /**
   * Sets the activation of the candidate and, in an LSTM, of the cell state.
   *
   * @param function tanh by default
   * @return another description
   */
  public final T activation(ActivationFunction function) {
    Options changed = options.copy();
    changed.activation = function;
    return with(name(), changed);
  }

  /**
   * Sets the activation by its name in Keras.
   *
   * @param function tanh by default
   * @return another description
   */
  public final T activation(String function) {
    return activation(ActivationFunction.named(function));
  }

  /**
   * Sets whether biases are added.
   *
   * @param use true by default
   * @return another description
   */
  public final T useBias(boolean use) {
    Options changed = options.copy();
    changed.useBias = use;
    return with(name(), changed);
  }

  /**
   * Sets whether every time step's output is returned.
   *
   * @param sequences false by default
   * @return another description
   */
  public final T returnSequences(boolean sequences) {
    Options changed = options.copy();
    changed.returnSequences = sequences;
    return with(name(), changed);
  }

  /**
   * Sets whether the final states are returned behind the output.
   *
   * @param state false by default
   * @return another description
   */
  public final T returnState(boolean state) {
    Options changed = options.copy();
    changed.returnState = state;
    return with(name(), changed);
  }

  /**
   * Sets whether time runs backwards.
   *
   * @param backwards false by default
   * @return another description
   */
  @Override
  public final T goBackwards(boolean backwards) {
    Options changed = options.copy();
    changed.goBackwards = backwards;
    return with(name(), changed);
  }

  /**
   * Sets whether the Keras face of a model carries the state from call to call.
   *
   * @param carry false by default
   * @return another description
   */
  public final T stateful(boolean carry) {
    Options changed = options.copy();
    changed.stateful = carry;
    return with(name(), changed);
  }

  /**
   * Sets whether a masked step's output is zeros; the last one's, too, where only that is returned.
   *
   * @param zeros false by default: the output of the step before
   * @return another description
   */
  @Override
  public final T zeroOutputForMask(boolean zeros) {
    Options changed = options.copy();
    changed.zeroOutputForMask = zeros;
    return with(name(), changed);
  }

  /**
   * Sets the dropout of inputs; it has no effect at inference.
   *
   * @param rate from 0 to 1, 0 by default
   * @return another description
   */
  public final T dropout(double rate) {
    Options changed = options.copy();
    changed.dropout = checkedRate(rate);
    return with(name(), changed);
  }

  /**
   * Sets the dropout of the recurrent state; it has no effect at inference.
   *
   * @param rate from 0 to 1, 0 by default
   * @return another description
   */
  public final T recurrentDropout(double rate) {
    Options changed = options.copy();
    changed.recurrentDropout = checkedRate(rate);
    return with(name(), changed);
  }

  /**
   * Sets how the recurrent kernel starts.
   *
   * @param initializer orthogonal by default
   * @return another description
   */
  public final T recurrentInitializer(Initializer initializer) {
    return with(rules.recurrent(rules.recurrent().with(initializer)));
  }

  /**
   * Sets what the loss takes for the recurrent kernel.
   *
   * @param regularizer null, the default, for nothing
   * @return another description
   */
  public final T recurrentRegularizer(Regularizer regularizer) {
    return with(rules.recurrent(rules.recurrent().with(regularizer)));
  }

  /**
   * Sets what the recurrent kernel is held to.
   *
   * @param constraint null, the default, for nothing
   * @return another description
   */
  public final T recurrentConstraint(Constraint constraint) {
    return with(rules.recurrent(rules.recurrent().with(constraint)));
  }

  private double checkedRate(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new RillException("layer " + label() + ": expected a dropout rate from 0 to 1, got " + rate);
    }
    return rate;
  }

  @Override
  final List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    features(input);
    int batch = input.axis(0);
    Shape state = Shape.of(batch, units());
    if (!initialState.isEmpty() && initialState.size() != stateNames().size()) {
      throw new ShapeException("layer " + label() + ": expected " + stateNames().size() + " initial states " + stateNames() + ", got "
          + initialState.size());
    }
    for (Shape given : initialState) {
      if (given.rank() != 2 || given.axis(1) != units()) {
        throw misfit("an initial state of shape " + Shape.of(Shape.UNKNOWN, units()), given);
      }
    }
    List<Shape> outputs = new ArrayList<>();
    outputs.add(returnSequences() ? Shape.of(batch, input.axis(1), units()) : state);
    if (returnState()) {
      for (int i = 0; i < stateNames().size(); i++) {
        outputs.add(state);
      }
    }
    return outputs;
  }

  @Override
  public final boolean takesMask() {
    return true;
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return returnSequences() ? super.mask(inputs) : null;
  }

  /** The bias's rules with what the layer itself has to say. */
  VariableRules ownBiasRules() {
    return rules.bias();
  }
}
