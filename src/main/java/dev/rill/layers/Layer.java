package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.tensor.State;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Variable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The description of one layer: immutable, without weights, to be used in as many models as one likes.
 *
 * <p>A layer applied to a {@link Symbol} gives the symbol of its output; a model made from symbols owns weights for
 * each of its layers. Applying the same layer twice shares its weights.
 */
public abstract class Layer implements Cloneable {
  private String name;

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

  /** The same layer within another, called by its path, in which slashes stand: no name that a user could give. */
  final Layer at(String path) {
    try {
      Layer within = (Layer) clone();
      within.name = path;
      return within;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

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
    return call(Collections.singletonList(input), Arrays.asList(Require.given(initialState, "the initial states")), true);
  }

  /**
   * Applies the layer to several inputs.
   *
   * @param inputs what it reads; more than one only if it {@link #readsList() reads a list}
   * @return its (first) output
   * @throws ShapeException if the layer cannot take these shapes
   */
  public final Symbol apply(List<Symbol> inputs) {
    return call(inputs, List.of(), true).get(0);
  }

  /**
   * Applies the layer.
   *
   * @param inputs what it reads; nothing for an input layer only
   * @param initialState what replaces a recurrent layer's own state; empty for that
   * @param useMask whether a recurrent layer applies the mask of its input; Keras' functional models do not where an initial state
   *     is given
   * @return all outputs
   * @throws ShapeException if the layer cannot take these shapes
   */
  public final List<Symbol> call(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    if (Require.given(inputs, "the inputs of a layer").isEmpty() && !isInput()) {
      throw new ShapeException("layer " + label() + " is applied to nothing");
    }
    return Symbol.call(this, inputs, initialState, useMask);
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

  /**
   * Whether data enters a model here.
   *
   * @return true for an {@link InputLayer} only
   */
  public boolean isInput() {
    return false;
  }

  /**
   * How many ids it knows, if it reads ids: a sequence of one number a step, from 0 on.
   *
   * @return 0, the default, for a layer that reads features
   */
  public int ids() {
    return 0;
  }

  /**
   * Whether it reads a list of tensors, be it of one.
   *
   * @return true for layers that join others
   */
  public boolean readsList() {
    return false;
  }

  /**
   * Whether Keras hands the mask of its input to the layer as an argument.
   *
   * @return true for recurrent layers and wrappers
   */
  public boolean takesMask() {
    return false;
  }

  /**
   * How many layers run when it is applied once: itself, or those that it is made of, each as often as it is applied there.
   *
   * @return 1 for most
   */
  public long applications() {
    long all = 0;
    for (Layer part : wrapped()) {
      all += part.applications();
    }
    return Math.max(1, all);
  }

  /**
   * The layers that it is made of.
   *
   * @return empty for most
   */
  public List<Layer> wrapped() {
    return List.of();
  }

  /**
   * Its variables in Keras' order.
   *
   * @param inputs shapes of what it reads
   * @return empty for most
   */
  public List<Variable> variables(List<Shape> inputs) {
    return List.of();
  }

  /**
   * Whether a model carries its state from call to call; a session carries every state.
   *
   * @return false by default
   */
  public boolean stateful() {
    return false;
  }

  /**
   * What it keeps between steps, a plane each.
   *
   * @param inputs shapes of what it reads
   * @return empty for a layer without state
   */
  public List<State.Plane> state(List<Shape> inputs) {
    return List.of();
  }

  /**
   * The plane of the last output, which a layer that passes over masked steps shows again.
   *
   * @return null, the default, if it needs none
   */
  public State.Plane lastOutput() {
    return null;
  }

  /**
   * Whether step t of the output belongs to step t of the first input, so that both have equally many.
   *
   * @return false for a layer that makes a time axis of its own
   */
  public boolean keepsTime() {
    return true;
  }

  /**
   * How many steps its output has.
   *
   * @param inputs steps of its inputs, 1 for one without a time axis
   * @return those of the first input by default
   */
  public int steps(int... inputs) {
    return firstSteps(inputs);
  }

  /** The steps of the first input. */
  static int firstSteps(int[] inputs) {
    Require.index(0, Require.given(inputs, "the steps that a layer reads").length, "input");
    return inputs[0];
  }

  /** Why it cannot run step by step, for a layer that says so whatever it reads; null, the default, if it can. */
  String needsWholeTime() {
    return null;
  }

  /**
   * Why it cannot run step by step on some inputs.
   *
   * @param inputs shapes of what it reads
   * @return what it does, as the end of a sentence that begins with the layer's name; null, the default, if it can
   */
  public String needsWholeTime(List<Shape> inputs) {
    return needsWholeTime();
  }

  /**
   * Why an application of it cannot run step by step, in which time may be cut into calls anywhere.
   *
   * @param inputs shapes of what it reads
   * @param initialState whether it is given its initial state there
   * @param again whether it has been applied before
   * @return the end of a sentence that begins with the layer's name; null if it can
   */
  public final String obstacle(List<Shape> inputs, boolean initialState, boolean again) {
    String why = needsWholeTime(inputs);
    if (why == null && initialState) {
      return "takes its initial state from the graph at each call, so cutting time changes it";
    }
    return why == null && again && !state(inputs).isEmpty() ? "is applied more than once, and has one state" : why;
  }

  /**
   * Whether an input has not the steps of the output, but is repeated at each of them.
   *
   * @param input shape of an input
   * @param output shape of the first output
   * @return false for most layers
   */
  public boolean repeats(Shape input, Shape output) {
    return false;
  }

  /**
   * Multiplications and additions of one step of one row.
   *
   * @param input shape of what it reads
   * @return those of its products; element-wise work is not counted
   */
  public long multiplyAdds(Shape input) {
    return 0;
  }

  /**
   * Whether it treats each step of a sequence as it would treat a row without time.
   *
   * @return false by default
   */
  public boolean perStep() {
    return false;
  }

  /**
   * Whether in training what it gives for a row depends on the other rows.
   *
   * @return false by default
   */
  public boolean mixesRows() {
    return false;
  }

  /** The same layer as it is applied to each step of a sequence by itself. */
  Layer atEachStep() {
    return this;
  }

  /** The same layer without its activity regularizer. */
  Layer withoutActivity() {
    return this;
  }

  /**
   * The same outputs as the layers that it is made of give them, applied to the same symbols.
   *
   * @return empty, the default, for a layer that runs itself
   */
  List<Symbol> unfold(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    return List.of();
  }

  /** Shapes of all outputs; refuses inputs that do not fit. */
  abstract List<Shape> outputs(List<Shape> inputs, List<Shape> initialState);

  /** Which of several inputs gives the output its time axis, if it keeps one. */
  int timeInput(List<Shape> inputs) {
    return 0;
  }

  /** The mask of the first output, null for none; most layers hand that of their input on. */
  Mask mask(List<Symbol> inputs) {
    return inputs.get(0).mask();
  }

  /** The mask of some output; {@code parts} are the outputs where the layer is made of others. States have none. */
  Mask mask(List<Symbol> inputs, List<Symbol> parts, int output) {
    return output == 0 ? mask(inputs) : null;
  }

  /** The shape of the only input of a layer without initial states. */
  final Shape only(List<Shape> inputs, List<Shape> initialState) {
    refuseState(initialState);
    return only(inputs);
  }

  final void refuseState(List<?> initialState) {
    if (!Require.all(initialState, "the initial states").isEmpty()) {
      throw new ShapeException("layer " + label() + " has no state, but was given " + initialState.size() + " initial states");
    }
  }

  /** The shape of the only input. */
  final Shape only(List<Shape> inputs) {
    if (Require.all(inputs, "the shapes that a layer reads").size() != 1) {
      throw new ShapeException("layer " + label() + " reads one input, but was given " + inputs.size());
    }
    return inputs.get(0);
  }

  /**
   * How messages call this layer.
   *
   * @return its class and its name
   */
  public final String label() {
    return className() + (name == null ? "" : " " + name);
  }

  final ShapeException misfit(String expected, Shape got) {
    return new ShapeException("layer " + label() + ": expected " + expected + ", got " + got);
  }

  /** The refusal of a shape that Keras takes. */
  final UnsupportedException unsupported(String expected, Shape got, String wayOut) {
    return new UnsupportedException(misfit(expected, got).getMessage() + ", which is not supported; " + wayOut);
  }

  /** The size of the last axis, which must be known. */
  final int features(Shape input) {
    if (Require.given(input, "the shape that a layer reads").rank() == 0 || input.axis(-1) == Shape.UNKNOWN) {
      throw misfit("a known number of features on the last axis", input);
    }
    return input.axis(-1);
  }

  /** Returns its class and its name. */
  @Override
  public String toString() {
    return label();
  }
}
