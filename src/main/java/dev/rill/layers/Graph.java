package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which layer feeds which: the immutable structure of a model, every layer named.
 *
 * <p>Layers stand in Keras' order ({@code model.layers}): in a sequential model as listed, else by depth from the
 * outputs, as Keras' functional models sort them; weight files depend on it. Nodes stand in the order in which they
 * run.
 */
public final class Graph {
  /**
   * One output of one node.
   *
   * @param node index of the node
   * @param output index of its output
   */
  public record Ref(int node, int output) {}

  /**
   * One application of a layer.
   *
   * @param layer the layer, named
   * @param application which of the model's applications of this layer, in the order in which they were made
   * @param inputs what it reads; empty for an input layer
   * @param initialState what replaces its state at the start of a call; mostly empty
   * @param appliedMasks for each input the mask that the layer is handed, or null; empty if it is handed none
   * @param outputs shapes of its outputs
   * @param mask the mask of its first output, or null
   */
  public record Node(Layer layer, int application, List<Ref> inputs, List<Ref> initialState, List<Mask> appliedMasks,
      List<Shape> outputs, Mask mask) {
    /** The mask that the layer applies to its first input, or null. */
    public Mask appliedMask() {
      return appliedMasks.isEmpty() ? null : appliedMasks.get(0);
    }
  }

  private final String name;
  private final boolean sequential;
  private final List<Layer> layers;
  private final List<Node> nodes;
  private final List<Ref> inputs;
  private final List<Ref> outputs;
  private final OutputNames outputNames;
  /** Layers and operations in Keras' order. */
  private final List<Object> listed;
  private final Map<Symbol.Call, Integer> index;
  private final Map<Layer, Node> firstNodes = new IdentityHashMap<>();
  /** Inputs that embeddings read. */
  private final Set<Ref> ids = new HashSet<>();
  /** Names of layers within layers that are not trained. */
  private final Set<String> frozen;
  /** The same structure with nothing but layers that run themselves. */
  private final Graph unfolded;
  /** Its layers by the name of the layer that they are a part of. */
  private final Map<String, List<Layer>> parts = new HashMap<>();
  private final TimeAxes time;
  /** The outputs of the nodes as other models see them, once somebody has asked for them. */
  private List<List<Symbol>> symbols;

  Graph(String name, boolean sequential, List<Object> listed, List<Node> nodes, Map<Symbol.Call, Integer> index,
      List<Symbol> inputs, List<Symbol> outputs, OutputNames outputNames, Set<String> frozen, Unfolding unfolding) {
    this.name = name;
    this.sequential = sequential;
    this.listed = listed;
    layers = GraphBuilder.layers(listed);
    this.index = index;
    this.nodes = List.copyOf(nodes);
    this.inputs = GraphBuilder.refs(inputs, index);
    this.outputs = GraphBuilder.refs(outputs, index);
    this.outputNames = outputNames;
    for (Node node : nodes) {
      if (node.application() == 0) {
        firstNodes.put(node.layer(), node);
      }
      if (node.layer().ids() > 0) {
        ids.addAll(node.inputs());
      }
    }
    this.frozen = frozen;
    time = new TimeAxes(this);
    unfolded = unfolding == null ? this : unfolding.graph();
    for (Layer part : unfolded.layers) {
      String whole = unfolding == null ? part.name() : part.name().split("/", 2)[0];
      if (!parts.containsKey(whole)) {
        parts.put(whole, new ArrayList<>());
      }
      parts.get(whole).add(part);
    }
    if (unfolding == null) {
      GraphBuilder.checkIds(this);
      GraphBuilder.checkShared(this);
    }
  }

  /** The structure with nothing but layers that run themselves, each called by its path: {@code bidirectional/forward_lstm}. */
  Graph(String name, List<? extends Layer> layers, List<Node> nodes, Map<Symbol.Call, Integer> index, List<Symbol> inputs,
      List<Symbol> outputs, OutputNames outputNames, Set<String> frozen) {
    this(name, false, new ArrayList<>(layers), nodes, index, inputs, outputs, outputNames, frozen, null);
  }

  /**
   * A chain of layers, each reading the one before it.
   *
   * @param name name of the model
   * @param input where it starts
   * @param chain the layers
   * @return the structure
   * @throws RillException if two layers have one name, Keras does not take that of the model, or shapes do not fit
   */
  public static Graph sequential(String name, Symbol input, List<? extends Layer> chain) {
    return GraphBuilder.sequential(name, input, chain);
  }

  /**
   * Whatever leads from some symbols to others.
   *
   * @param name name of the model
   * @param inputs where it starts
   * @param outputs where it ends
   * @return the structure
   * @throws RillException if an output depends on an input that is not listed, two layers have one name, or Keras does not take that
   *     of the model
   */
  public static Graph functional(String name, List<Symbol> inputs, List<Symbol> outputs) {
    return GraphBuilder.build(name, false, inputs, outputs, null);
  }

  /**
   * The same with outputs called by names of their own, a dict in Keras: losses, metrics and logs go by them.
   *
   * @param name name of the model
   * @param inputs where it starts
   * @param outputs where it ends, by name; they stand in the order of their names
   * @return the structure
   * @throws RillException as for outputs that go by the names of their layers
   */
  public static Graph functional(String name, List<Symbol> inputs, Map<String, Symbol> outputs) {
    OutputNames names = OutputNames.given(outputs);
    return GraphBuilder.build(name, false, inputs, names.in(outputs), names);
  }

  /**
   * Name of the model.
   *
   * @return such as {@code sequential}
   */
  public String name() {
    return name;
  }

  /**
   * Whether it was described as a chain.
   *
   * @return true for a sequential model
   */
  public boolean sequential() {
    return sequential;
  }

  /**
   * The layers in Keras' order, input layers included.
   *
   * @return named layers
   */
  public List<Layer> layers() {
    return layers;
  }

  /**
   * Goes through the layers and, in a functional model, the operations among them that compute masks, in Keras' order.
   *
   * @param layer told each of {@link #layers()}
   * @param operation told each operation behind a mask that a layer applies
   */
  public void each(Consumer<Layer> layer, Consumer<Operation> operation) {
    Require.given(layer, "who is told of layers");
    Require.given(operation, "who is told of operations");
    for (Object each : listed) {
      if (each instanceof Layer own) {
        layer.accept(own);
      } else {
        operation.accept((Operation) each);
      }
    }
  }

  /**
   * Where a symbol stands that the model was made of.
   *
   * @param symbol such as an operation reads
   * @return output of a node
   * @throws RillException if the model does not hold it
   */
  public Ref ref(Symbol symbol) {
    if (!index.containsKey(Require.given(symbol, "the symbol").producer())) {
      throw new RillException("the model does not hold this output of layer " + symbol.producer().layer().label());
    }
    return GraphBuilder.ref(symbol, index);
  }

  /**
   * The same structure with nothing but layers that run themselves: those that are made of others give way to them, each called
   * by its path, such as {@code bidirectional/forward_lstm}.
   *
   * @return this, if there is no such layer
   */
  public Graph unfolded() {
    return unfolded;
  }

  /**
   * What a layer of this model is made of.
   *
   * @param layer one of {@link #layers()}
   * @return layers of {@link #unfolded()}; the layer itself if it runs itself
   */
  public List<Layer> parts(Layer layer) {
    return Collections.unmodifiableList(parts.getOrDefault(Require.given(layer, "the layer").name(), List.of()));
  }

  /**
   * Whether training changes a layer of {@link #unfolded()}: neither it nor a layer around it is frozen.
   *
   * @param layer one of its layers
   * @return true by default
   */
  public boolean trained(Layer layer) {
    return Require.given(layer, "the layer").trainable()
        && !unfolded.frozen.contains(Require.given(layer.name(), "the name of the layer"));
  }

  /**
   * What a layer gives, to build another model from: its symbols lead back to this graph's inputs through its layers, which keep
   * their names. Those of one graph fit together.
   *
   * @param layer one of {@link #layers()}
   * @return one symbol an output
   * @throws RillException if the layer is applied more than once
   */
  public synchronized List<Symbol> symbols(Layer layer) {
    if (symbols == null) {
      symbols = GraphSymbols.of(this);
    }
    int first = nodes.indexOf(firstNode(layer));
    for (int n = 0; n < nodes.size(); n++) {
      if (nodes.get(n).layer() == layer && n != first) {
        throw new RillException("layer " + layer.label() + " is applied more than once: its outputs are not the only ones");
      }
    }
    return symbols.get(first);
  }

  /**
   * The applications of layers in the order in which they run.
   *
   * @return nodes
   */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * Where data enters.
   *
   * @return outputs of input layers
   */
  public List<Ref> inputs() {
    return inputs;
  }

  /**
   * Where results leave.
   *
   * @return outputs of nodes
   */
  public List<Ref> outputs() {
    return outputs;
  }

  /**
   * What the outputs are called where several are told apart: in losses, metrics and logs.
   *
   * @return one an output: a name of its own, or that of its layer
   */
  public List<String> outputNames() {
    return outputNames.names();
  }

  /**
   * Whether the outputs have names of their own.
   *
   * @return false if they go by the names of their layers
   */
  public boolean namesOutputs() {
    return outputNames.given();
  }

  /**
   * The shape at some point.
   *
   * @param ref output of a node
   * @return its shape
   */
  public Shape shape(Ref ref) {
    List<Shape> shapes = node(ref).outputs();
    return shapes.get(Require.index(ref.output(), shapes.size(), "output of this layer"));
  }

  /**
   * The name of the layer at some point.
   *
   * @param ref output of a node
   * @return a layer's name
   */
  public String layerName(Ref ref) {
    return node(ref).layer().name();
  }

  private Node node(Ref ref) {
    return nodes.get(Require.index(Require.given(ref, "the place in the graph").node(), nodes.size(), "node"));
  }

  /**
   * The first application of a layer.
   *
   * @param layer one of {@link #layers()}
   * @return the node
   */
  public Node firstNode(Layer layer) {
    Node node = firstNodes.get(Require.given(layer, "the layer"));
    if (node == null) {
      throw new RillException("layer " + layer.label() + " is not one of this model's");
    }
    return node;
  }

  /**
   * How often each layer is applied.
   *
   * @return by layer name
   */
  public Map<String, Integer> applications() {
    Map<String, Integer> counts = new HashMap<>();
    for (Node node : nodes) {
      counts.put(node.layer().name(), counts.getOrDefault(node.layer().name(), 0) + 1);
    }
    return counts;
  }

  /**
   * The variables of every layer that runs itself, in Keras' order.
   *
   * @return by layer name, in the order of {@link #layers()} of {@link #unfolded()}
   */
  public Map<String, List<Variable>> variables() {
    if (unfolded != this) {
      return unfolded.variables();
    }
    Map<String, List<Variable>> variables = new LinkedHashMap<>();
    for (Layer layer : layers) {
      variables.put(layer.name(), layer.variables(shapes(firstNode(layer).inputs())));
    }
    return variables;
  }

  /**
   * The shapes at some points.
   *
   * @param refs outputs of nodes
   * @return their shapes
   */
  public List<Shape> shapes(List<Ref> refs) {
    List<Shape> shapes = new ArrayList<>();
    for (Ref ref : Require.all(refs, "the places in the graph")) {
      shapes.add(shape(ref));
    }
    return shapes;
  }

  /**
   * Whether an input holds ids of shape (batch, time), which embeddings read.
   *
   * @param input one of {@link #inputs()}
   * @return false if it holds features
   */
  public boolean ids(Ref input) {
    return unfolded == this ? ids.contains(input)
        : unfolded.ids(unfolded.inputs().get(Require.index(inputs.indexOf(input), inputs.size(), "input")));
  }

  /**
   * Whether there is a time axis at some point: ids have one, and whatever has more than two axes.
   *
   * @param ref output of a node
   * @return false for one value a call
   */
  public boolean sequence(Ref ref) {
    return shape(ref).rank() > 2 || ids.contains(ref);
  }

  /**
   * Floats of one row and step at some point.
   *
   * @param ref output of a node
   * @return the product of the axes behind batch and time; 1 for ids
   */
  public int width(Ref ref) {
    Shape shape = shape(ref);
    if (ids.contains(ref)) {
      return 1;
    }
    // Within what SizeLimits let pass.
    int width = 1;
    for (int axis = sequence(ref) ? 2 : 1; axis < shape.rank(); axis++) {
      width *= shape.axis(axis);
    }
    return width;
  }

  /**
   * The mask at some point.
   *
   * @param ref output of a node
   * @return null if every step counts
   */
  public Mask mask(Ref ref) {
    Mask mask = node(ref).mask();
    return ref.output() > 0 || mask == null || mask.every() ? null : mask;
  }

  /**
   * How many steps there are at some point.
   *
   * @param ref output of a node
   * @param inputSteps steps of each input of the model, 1 for one without a time axis
   * @return 1 where there is no time axis
   */
  public int steps(Ref ref, int... inputSteps) {
    int[] steps = new int[nodes.size()];
    steps(inputSteps, steps, reads());
    return sequence(ref) ? steps[ref.node()] : 1;
  }

  /**
   * How many steps the nodes run.
   *
   * @param inputSteps steps of each input of the model, 1 for one without a time axis
   * @param steps receives for each node the steps of its first output, or of what it reads where that has no time axis
   * @param reads from {@link #reads()}; overwritten
   */
  public void steps(int[] inputSteps, int[] steps, int[][] reads) {
    if (Require.given(inputSteps, "steps of the inputs").length != inputs.size()
        || Require.given(steps, "steps of the nodes").length != nodes.size()
        || Require.given(reads, "room for what nodes read").length != nodes.size()) {
      throw new ShapeException("expected steps of " + inputs.size() + " inputs and room for " + nodes.size() + " nodes, got "
          + inputSteps.length + " and " + (steps == null ? 0 : steps.length));
    }
    time.steps(inputSteps, steps, reads);
  }

  /** {@return room for the steps of what each node reads, so that to count them again costs none} */
  public int[][] reads() {
    return time.reads();
  }

  /**
   * Where the time axis at some point comes from: an input of the model, or the output of a layer that makes one of its own.
   *
   * @param ref output of a node
   * @return an output of a node, or null if there is no time axis
   */
  public Ref timeOrigin(Ref ref) {
    return sequence(ref) ? time.origin(ref.node()) : null;
  }

  /** Returns the name and how many layers there are. */
  @Override
  public String toString() {
    return "Graph " + name + " of " + layers.size() + " layers";
  }
}
