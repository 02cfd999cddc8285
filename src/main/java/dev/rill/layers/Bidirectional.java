package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * Two recurrent layers on one sequence, one from its first step to its last, one from its last to its first (Schuster and Paliwal
 * 1997), and their outputs joined. A sequence of outputs is in the order of time for both, unless the layer forward is told to go
 * backwards: then it is in the reverse order for both, as in Keras.
 *
 * <p>By default the layer backward is the one forward with {@code goBackwards} turned about, and the outputs stand side by side.
 * The variables are those of the layer forward, then those of the layer backward. A masked step of a sequence
 * gives zeros, as in Keras. With {@code returnState} the states follow the
 * output, those forward first; initial states are given in the same order.
 */
public final class Bidirectional extends Layer {
  /** How the two outputs are joined. */
  public enum Merge {
    /** Side by side. */
    CONCAT,
    /** Added. */
    SUM,
    /** Multiplied element by element. */
    MUL,
    /** The mean. */
    AVE,
    /** Not at all: two outputs. */
    NONE
  }

  private static final String DIRECTION = "the layer of a direction";

  private final Layer forward;
  private final Layer backward;
  private final boolean sequences;
  private final boolean stateful;
  private final Merge merge;
  private final boolean trainable;
  private final Layer joining;
  private final ReverseTime inOrder;

  /**
   * Wraps a recurrent layer.
   *
   * @param layer what runs forward; a copy of it runs backward
   */
  public Bidirectional(Recurrent<?> layer) {
    this(Require.given(layer, DIRECTION), layer.goBackwards(!layer.goBackwards()));
  }

  /**
   * Wraps cells that step together.
   *
   * @param layer what runs forward; a copy of it runs backward
   */
  public Bidirectional(RNN layer) {
    this(Require.given(layer, DIRECTION), layer.goBackwards(!layer.goBackwards()));
  }

  private Bidirectional(Layer layer, Layer turned) {
    this(null, named(layer, "forward_"), named(turned, "backward_"), Merge.CONCAT, true);
  }

  private Bidirectional(String name, Layer forward, Layer backward, Merge merge, boolean trainable) {
    super(name);
    OverTime ahead = (OverTime) forward;
    OverTime back = (OverTime) backward;
    sequences = ahead.returnSequences();
    stateful = ahead.stateful();
    // As in Keras: a masked step of a sequence gives zeros.
    this.forward = (Layer) ahead.zeroOutputForMask(sequences);
    this.backward = (Layer) back.zeroOutputForMask(back.returnSequences());
    this.merge = merge;
    this.trainable = trainable;
    inOrder = new ReverseTime("in_order");
    joining = switch (merge) {
      case CONCAT -> new Concatenate().named("concat");
      case SUM -> new Add().named("sum");
      case MUL -> new Multiply().named("mul");
      case AVE -> new Average().named("ave");
      case NONE -> null;
    };
    if (ahead.goBackwards() == back.goBackwards()) {
      throw new RillException("layer " + label() + ": expected two layers of which one goes backwards, got " + forward.label()
          + " and " + backward.label());
    }
    if (sequences != back.returnSequences() || ahead.returnState() != back.returnState() || stateful != back.stateful()) {
      throw new RillException("layer " + label() + ": expected two layers that return the same, and are stateful or not alike");
    }
  }

  private static Layer named(Layer layer, String prefix) {
    String own = layer.name() == null ? LayerNames.snakeCase(layer.className()) : layer.name();
    return layer.named(own.startsWith(prefix) ? own : prefix + own);
  }

  /**
   * The layer that runs forward.
   *
   * @return with a name of its own
   */
  public Layer forward() {
    return forward;
  }

  /**
   * The layer that runs backward.
   *
   * @return with a name of its own
   */
  public Layer backward() {
    return backward;
  }

  /**
   * How the outputs are joined.
   *
   * @return side by side by default
   */
  public Merge merge() {
    return merge;
  }

  /**
   * A copy with another way of joining.
   *
   * @param mode side by side by default
   * @return the layer
   */
  public Bidirectional merge(Merge mode) {
    return new Bidirectional(name(), forward, backward, mode, trainable);
  }

  /**
   * A copy with another layer backward.
   *
   * @param layer it goes the other way, and returns the same as the layer forward
   * @return the layer
   * @throws RillException if the two do not fit
   */
  public Bidirectional backward(Recurrent<?> layer) {
    return withBackward(layer);
  }

  /**
   * A copy with other cells backward.
   *
   * @param layer it goes the other way, and returns the same as the layer forward
   * @return the layer
   * @throws RillException if the two do not fit
   */
  public Bidirectional backward(RNN layer) {
    return withBackward(layer);
  }

  private Bidirectional withBackward(Layer layer) {
    return new Bidirectional(name(), forward,
        Require.given(layer, DIRECTION).name() == null ? named(layer, "backward_") : layer, merge, trainable);
  }

  /**
   * A copy whose layers are trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public Bidirectional trainable(boolean change) {
    return new Bidirectional(name(), forward, backward, merge, change);
  }

  @Override
  public boolean trainable() {
    return trainable;
  }

  @Override
  public Bidirectional named(String name) {
    return new Bidirectional(name, this);
  }

  /** The same layers, so that what has been applied is known again. */
  private Bidirectional(String name, Bidirectional same) {
    super(name);
    forward = same.forward;
    sequences = same.sequences;
    stateful = same.stateful;
    backward = same.backward;
    merge = same.merge;
    trainable = same.trainable;
    joining = same.joining;
    inOrder = same.inOrder;
  }

  @Override
  public boolean stateful() {
    return stateful;
  }

  @Override
  public boolean takesMask() {
    return true;
  }

  @Override
  public List<Layer> wrapped() {
    return List.of(forward, backward);
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    List<Variable> variables = new ArrayList<>(forward.variables(inputs));
    variables.addAll(backward.variables(inputs));
    return variables;
  }

  @Override
  public long multiplyAdds(Shape input) {
    return forward.multiplyAdds(input) + backward.multiplyAdds(input);
  }

  @Override
  Mask mask(List<Symbol> inputs, List<Symbol> parts, int output) {
    boolean sequence = output == 0 || output == 1 && merge == Merge.NONE;
    return sequences && sequence ? inputs.get(0).mask() : null;
  }

  @Override
  List<Symbol> unfold(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    int half = initialState.size() / 2;
    if (initialState.size() % 2 != 0) {
      throw new ShapeException("layer " + label() + ": expected as many initial states forward as backward, got "
          + initialState.size() + " in all");
    }
    List<Symbol> ahead = forward.call(inputs, initialState.subList(0, half), useMask);
    List<Symbol> back = backward.call(inputs, initialState.subList(half, 2 * half), useMask);
    // Keras turns about what the layer backward gives, and nothing else, whichever of the two goes backwards.
    Symbol first = ahead.get(0);
    Symbol second = sequences ? inOrder.apply(back.get(0)) : back.get(0);
    List<Symbol> outputs = new ArrayList<>();
    if (joining == null) {
      outputs.add(first);
      outputs.add(second);
    } else {
      outputs.add(joining.apply(List.of(first, second)));
    }
    outputs.addAll(ahead.subList(1, ahead.size()));
    outputs.addAll(back.subList(1, back.size()));
    return outputs;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    throw new IllegalStateException("layer " + label() + " is made of others");
  }
}
