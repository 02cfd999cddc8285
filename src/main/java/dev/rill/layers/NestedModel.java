package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/** A model as one layer of another: the layers of its structure, applied to other inputs. Applied twice, its weights are shared. */
public final class NestedModel extends Layer {
  private final Graph graph;
  private final boolean trainable;
  private final long applications;

  /**
   * Makes a layer of a model's structure.
   *
   * @param graph the structure; the layer has its name
   */
  public NestedModel(Graph graph) {
    this(Require.given(graph, "the structure of a model").name(), graph, true);
  }

  private NestedModel(String name, Graph graph, boolean trainable) {
    super(name);
    this.graph = graph;
    this.trainable = trainable;
    long all = 0;
    for (Graph.Node node : graph.nodes()) {
      all += node.layer().isInput() ? 0 : node.layer().applications();
    }
    applications = all;
  }

  /**
   * The structure.
   *
   * @return of the model that this layer is
   */
  public Graph graph() {
    return graph;
  }

  /**
   * A copy whose layers are trained, or not.
   *
   * @param change true by default
   * @return the layer
   */
  public NestedModel trainable(boolean change) {
    return new NestedModel(name(), graph, change);
  }

  @Override
  public boolean trainable() {
    return trainable;
  }

  @Override
  public String className() {
    return graph.sequential() ? "Sequential" : "Functional";
  }

  @Override
  public NestedModel named(String name) {
    return new NestedModel(name, graph, trainable);
  }

  @Override
  public boolean readsList() {
    return graph.inputs().size() > 1;
  }

  @Override
  public List<Layer> wrapped() {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      if (!layer.isInput()) {
        layers.add(layer);
      }
    }
    return layers;
  }

  /** Its layers know the masks of what they read by themselves; but Keras counts what computes them to what the model reads. */
  @Override
  public boolean takesMask() {
    return true;
  }

  @Override
  public long applications() {
    return applications;
  }

  @Override
  public boolean stateful() {
    for (Layer layer : wrapped()) {
      if (layer.stateful()) {
        return true;
      }
    }
    return false;
  }

  @Override
  List<Symbol> unfold(List<Symbol> inputs, List<Symbol> initialState, boolean useMask) {
    refuseState(initialState);
    if (inputs.size() != graph.inputs().size()) {
      throw new ShapeException("layer " + label() + " reads " + graph.inputs().size() + " inputs, but was given " + inputs.size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      Shape expected = graph.shape(graph.inputs().get(i));
      Shape got = inputs.get(i).shape();
      if (adjusted(expected, got) || adjusted(got, expected)) {
        throw unsupported("input " + i + " of shape " + expected, got, "give or take the last axis by a Reshape in front of it");
      }
      if (!expected.meets(got)) {
        throw misfit("input " + i + " of shape " + expected, got);
      }
    }
    return GraphSymbols.all(GraphSymbols.of(graph, inputs), graph.outputs());
  }

  /** Whether there is an axis of size 1 behind the others, which Keras gives and takes as it is needed. */
  private static boolean adjusted(Shape shape, Shape longer) {
    return longer.rank() == shape.rank() + 1 && longer.axis(-1) == 1;
  }

  /** Those that are made or handed on inside have no operation that a file would list: Keras finds them when the model runs. */
  @Override
  Mask mask(List<Symbol> inputs, List<Symbol> parts, int output) {
    Mask mask = parts.get(output).mask();
    return mask == null ? null : mask.unlisted();
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    throw new IllegalStateException("layer " + label() + " is made of others");
  }
}
