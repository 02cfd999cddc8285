package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.tensor.Weights;
import java.util.List;

/**
 * The description of one layer: immutable, without weights, to be used in as many models as one likes.
 *
 * <p>A layer applied to a {@link Symbol} gives the symbol of its output; a model made from symbols owns weights for
 * each of its layers. Applying the same layer twice shares its weights.
 */
public abstract class Layer {
  private final String name;

  Layer(String name) {
    this.name = LayerName.check(name);
  }

  /**
   * The layer's name.
   *
   * @return the name, or null as long as neither the user nor a model has given one
   */
  public final String name() {
    return name;
  }

  /**
   * The name of the layer's class in Keras.
   *
   * @return such as {@code LSTM}
   */
  public String className() {
    return getClass().getSimpleName();
  }

  /**
   * The same layer under another name.
   *
   * @param name unique in a model
   * @return another description
   * @throws dev.rill.tensor.RillException if Keras does not take such a name, see {@link LayerName}
   */
  public abstract Layer named(String name);

  /**
   * Applies the layer to one input.
   *
   * @param input what it reads
   * @return its (first) output
   * @throws ShapeException if the layer cannot take this shape
   */
  public final Symbol apply(Symbol input) {
    return call(input).get(0);
  }

  /**
   * Applies the layer to an input and, for a recurrent layer, initial states.
   *
   * @param input what it reads
   * @param initialState h, or h and c for an LSTM; none for the layer's own state
   * @return all outputs: the result, followed by the states with {@code returnState}
   * @throws ShapeException if the layer cannot take these shapes
   */
  public final List<Symbol> call(Symbol input, Symbol... initialState) {
    return call(List.of(input), List.of(initialState), true);
  }

  /**
   * Applies the layer to several inputs.
   *
   * @param inputs what it reads; only {@link Concatenate} reads more than one
   * @return its (first) output
   * @throws ShapeException if the layer cannot take these shapes
   */
  public final Symbol apply(List<Symbol> inputs) {
    return call(inputs, List.of(), true).get(0);
  }

  /**
   * Applies the layer.
   *
   * @param inputs what it reads
   * @param initialState what replaces a recurrent layer's own state; empty for that
   * @param heeded whether a recurrent layer heeds the mask of its input; Keras' functional models do not where an initial state
   *     is given
   * @return all outputs
   * @throws ShapeException if the layer cannot take these shapes
   */
  public final List<Symbol> call(List<Symbol> inputs, List<Symbol> initialState, boolean heeded) {
    if (inputs.isEmpty()) {
      throw new ShapeException("layer " + label() + " is applied to nothing");
    }
    return Symbol.call(this, inputs, initialState, heeded);
  }

  /**
   * Whether training changes the layer's weights. Those of a layer that is not trained take no part in regularizers, norms of
   * gradients and constraints either.
   *
   * @return true by default
   */
  public boolean trainable() {
    return true;
  }

  /**
   * What the loss takes for the layer's outputs.
   *
   * @return null for nothing, the default
   */
  public Regularizer activityRegularizer() {
    return null;
  }

  /** Shapes of all outputs; refuses an input that does not fit. */
  abstract List<Shape> outputs(Shape input, List<Shape> initialState);

  /** The same for all inputs; most layers read one. */
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    if (inputs.size() != 1) {
      throw new ShapeException("layer " + label() + " reads one input, but was given " + inputs.size());
    }
    return outputs(inputs.get(0), initialState);
  }

  /** The mask of the first output, null for none; most layers hand that of their input on. */
  Mask mask(List<Symbol> inputs) {
    return inputs.get(0).mask();
  }

  /** Whether Keras hands the mask of its input to the layer as an argument. */
  boolean heedsMask() {
    return false;
  }

  /** Variables in Keras' order; most layers have none. */
  List<Weights.Variable> variables(Shape input) {
    return List.of();
  }

  /** The rules of its variables, in the same order. */
  List<VariableRules> rules() {
    return List.of();
  }

  /** What runs, for weights in their place. */
  abstract InferenceOp program(OpContext wiring);

  /** What runs in training. */
  TrainingOp training(TrainingOpContext wiring) {
    throw new UnsupportedException("layer " + label() + " cannot be trained yet");
  }

  /** How messages call this layer. */
  final String label() {
    return className() + (name == null ? "" : " " + name);
  }

  final ShapeException misfit(String expected, Shape got) {
    return new ShapeException("layer " + label() + ": expected " + expected + ", got " + got);
  }

  final void refuseState(List<Shape> initialState) {
    if (!initialState.isEmpty()) {
      throw new ShapeException("layer " + label() + " has no state, but was given " + initialState.size() + " initial states");
    }
  }

  /** The size of the last axis, which must be known. */
  final int features(Shape input) {
    if (input.rank() == 0 || input.axis(-1) == Shape.UNKNOWN) {
      throw misfit("a known number of features on the last axis", input);
    }
    return input.axis(-1);
  }
}
