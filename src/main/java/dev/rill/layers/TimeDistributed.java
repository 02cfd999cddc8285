package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A layer, or a model, at every time step of a sequence by itself: each step of each row is a row to it. Nothing is carried from step
 * to step, so a session steps it, whatever is inside. An activity regularizer of the layer has no effect here, as in Keras.
 */
public final class TimeDistributed extends Layer {
  private final Layer layer;
  /** The same without its activity regularizer. */
  private final Layer inside;
  /** That as it runs on a whole sequence. */
  private final Layer unfolded;
  private final boolean trainable;

  /**
   * Wraps a layer.
   *
   * @param layer what to apply at every step
   */
  public TimeDistributed(Layer layer) {
    this(null, named(layer), true);
  }

  private static Layer named(Layer layer) {
    Require.given(layer, "the layer of every step");
    return layer.name() == null ? layer.named(LayerNames.snakeCase(layer.className())) : layer;
  }

  private TimeDistributed(String name, Layer layer, boolean trainable) {
    this(name, layer, layer.withoutActivity(), layer.withoutActivity().atEachStep(), trainable);
  }

  private TimeDistributed(String name, Layer layer, Layer inside, Layer unfolded, boolean trainable) {
    super(name);
    this.layer = layer;
    this.inside = inside;
    this.unfolded = unfolded;
    this.trainable = trainable;
  }

  /**
   * The layer that is applied.
   *
   * @return with a name of its own
   */
  public Layer layer() {
    return layer;
  }

  /**
   * A copy that is trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public TimeDistributed trainable(boolean change) {
    return new TimeDistributed(name(), layer, inside, unfolded, change);
  }

  @Override
  public boolean trainable() {
    return trainable;
  }

  @Override
  public TimeDistributed named(String name) {
    return new TimeDistributed(name, layer, inside, unfolded, trainable);
  }

  /**
   * What runs at a step, as a structure of its own.
   *
   * @param input shape of the sequence
   * @return a model of one layer that reads (batch, the axes behind the time)
   * @throws dev.rill.tensor.ShapeException if it is no sequence
   */
  public Graph step(Shape input) {
    if (Require.given(input, "the shape of a sequence").rank() < 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    int[] axes = new int[input.rank() - 1];
    axes[0] = input.axis(0);
    for (int axis = 1; axis < axes.length; axis++) {
      axes[axis] = input.axis(axis + 1);
    }
    return Graph.sequential("step", new InputLayer(Shape.of(axes)).symbol(), List.of(inside));
  }

  /** A layer that treats each step by itself gives the same on the whole sequence, as long as features are one axis. */
  private boolean unfolds(Shape input) {
    return layer.perStep() && input.rank() == 3;
  }

  @Override
  List<Symbol> unfold(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    refuseState(initialState);
    return unfolds(inputs.get(0).shape()) ? unfolded.call(inputs, List.of(), useMask) : List.of();
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() < 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    Graph step = step(input);
    int[] inner = step.shape(step.outputs().get(0)).toArray();
    int[] axes = new int[inner.length + 1];
    axes[0] = input.axis(0);
    axes[1] = input.axis(1);
    System.arraycopy(inner, 1, axes, 2, inner.length - 1);
    return List.of(Shape.of(axes));
  }

  @Override
  public boolean takesMask() {
    return true;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    Graph step = step(only(inputs));
    Map<String, List<Variable>> all = step.variables();
    List<Variable> variables = new ArrayList<>();
    for (Layer part : step.unfolded().layers()) {
      for (Variable variable : all.get(part.name())) {
        boolean trained = variable.trained() && step.trained(part);
        variables.add(new Variable(variable.name(), variable.shape(), variable.rules(), trained));
      }
    }
    return variables;
  }

  @Override
  public List<Layer> wrapped() {
    return List.of(unfolded);
  }

  @Override
  public long multiplyAdds(Shape input) {
    Graph step = step(input);
    long sum = 0;
    for (Graph.Node node : step.unfolded().nodes()) {
      if (!node.inputs().isEmpty()) {
        Shape read = step.unfolded().shape(node.inputs().get(0));
        sum += node.layer().multiplyAdds(read) * (read.rank() > 2 ? read.axis(1) : 1);
      }
    }
    return sum;
  }
}
