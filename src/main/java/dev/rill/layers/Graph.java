package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Weights;
import java.util.ArrayList;
import java.util.Arrays;
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
   * @param heeded the mask that it heeds, or null
   * @param outputs shapes of its outputs
   * @param mask the mask of its first output, or null
   */
  public record Node(Layer layer, int application, List<Ref> inputs, List<Ref> initialState, Mask heeded,
      List<Shape> outputs, Mask mask) {}

  private final String name;
  private final boolean sequential;
  private final List<Layer> layers;
  private final List<Node> nodes;
  private final List<Ref> inputs;
  private final List<Ref> outputs;
  /** Layers and operations in Keras' order. */
  private final List<Object> listed;
  private final Map<Symbol.Call, Integer> index;
  private final Map<Layer, Node> firstNodes = new IdentityHashMap<>();
  private final Map<Layer, Integer> applications = new IdentityHashMap<>();
  /** For each node the input that those of its outputs which are sequences have their time axis from; −1 if there is none. */
  private final int[] timeSources;
  /** Inputs that embeddings read. */
  private final Set<Ref> ids = new HashSet<>();

  private Graph(String name, boolean sequential, List<Object> listed, List<Node> nodes, Map<Symbol.Call, Integer> index,
      List<Symbol> inputs, List<Symbol> outputs) {
    this.name = name;
    this.sequential = sequential;
    this.listed = listed;
    layers = layers(listed);
    this.index = index;
    this.nodes = List.copyOf(nodes);
    this.inputs = refs(inputs, index);
    this.outputs = refs(outputs, index);
    for (Node node : nodes) {
      if (node.application() == 0) {
        firstNodes.put(node.layer(), node);
      }
      applications.merge(node.layer(), 1, Integer::sum);
      if (node.layer() instanceof Embedding) {
        ids.addAll(node.inputs());
      }
    }
    timeSources = timeSources();
    checkIds();
  }

  /** In one pass: nodes stand behind what they read. */
  private int[] timeSources() {
    int[] sources = new int[nodes.size()];
    Arrays.fill(sources, -1);
    for (int i = inputs.size() - 1; i >= 0; i--) {
      sources[inputs.get(i).node()] = i;
    }
    for (int n = 0; n < sources.length; n++) {
      Node node = nodes.get(n);
      if (!node.inputs().isEmpty() && !(node.layer() instanceof RepeatVector)) {
        sources[n] = sources[node.inputs().get(0).node()];
      }
    }
    return sources;
  }

  /** An input of ids is a sequence, one of features is not: none can be both. */
  private void checkIds() {
    Set<Ref> entries = new HashSet<>(inputs);
    for (Node node : nodes) {
      for (Ref input : node.inputs()) {
        boolean embeds = node.layer() instanceof Embedding;
        if (embeds && !entries.contains(input)) {
          throw new RillException("layer " + node.layer().label() + " reads the output of layer " + layerName(input)
              + ": an embedding reads an input of the model only");
        }
        if (!embeds && ids.contains(input)) {
          throw new RillException("layer " + node.layer().label() + " reads the input " + layerName(input)
              + ", whose values are the ids of an embedding: give it an input of its own");
        }
      }
    }
    for (Ref output : outputs) {
      if (ids.contains(output)) {
        throw new RillException("the input " + layerName(output) + " holds ids and cannot be an output of the model");
      }
    }
    for (Ref input : inputs) {
      if (!ids.contains(input) && shape(input).axis(-1) == Shape.UNKNOWN) {
        throw new RillException("the input " + layerName(input) + " has shape " + shape(input)
            + ": expected a known number of features on the last axis, or an embedding that reads it as ids");
      }
    }
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
    if (chain.isEmpty()) {
      throw new RillException("a sequential model needs at least one layer behind its input");
    }
    List<Symbol> last = List.of(input);
    for (Layer layer : chain) {
      if (last.size() > 1) {
        throw new RillException("layer " + layer.label() + " would read the " + last.size() + " outputs of the layer before "
            + "it; only the last layer of a sequential model may have several: use Model.of");
      }
      last = layer.call(last.get(0));
    }
    return build(name, true, List.of(input), last);
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
    return build(name, false, inputs, outputs);
  }

  private static Graph build(String name, boolean sequential, List<Symbol> inputs, List<Symbol> outputs) {
    LayerName.check(name);
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new RillException("a model needs at least one input and one output");
    }
    TopologicalOrder walk = new TopologicalOrder();
    Set<Symbol.Call> listed = new HashSet<>();
    for (Symbol input : inputs) {
      listed.add(input.producer());
    }
    for (Symbol output : outputs) {
      walk.visit(output.producer());
    }
    List<Symbol.Call> calls = walk.calls();
    for (Symbol.Call call : calls) {
      if (call.layer() instanceof InputLayer && !listed.contains(call)) {
        throw new RillException("an output depends on the input " + call.layer().label() + ", which the model does not list");
      }
    }
    // Inputs that nothing reads belong to the model all the same.
    for (Symbol input : inputs) {
      walk.visit(input.producer());
    }
    Map<Step, Integer> depths = walk.depths();
    List<Object> sorted = sequential ? walk.inOrder() : walk.byDepth(depths);
    Map<Layer, Layer> named = name(layers(sorted));
    Map<Symbol.Call, Integer> index = new HashMap<>();
    Map<Symbol.Call, Integer> applications = walk.applications();
    List<Node> nodes = new ArrayList<>();
    for (Symbol.Call call : TopologicalOrder.running(depths)) {
      index.put(call, nodes.size());
      for (Shape output : call.outputs()) {
        SizeLimits.check(named.get(call.layer()), output);
      }
      nodes.add(new Node(named.get(call.layer()), applications.get(call), refs(call.inputs(), index),
          refs(call.initialState(), index), call.heeded(), call.outputs(), call.mask()));
    }
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i) instanceof Layer layer) {
        sorted.set(i, named.get(layer));
      }
    }
    return new Graph(name, sequential, sorted, nodes, index, inputs, outputs);
  }

  private static List<Layer> layers(List<Object> listed) {
    List<Layer> layers = new ArrayList<>();
    for (Object each : listed) {
      if (each instanceof Layer layer) {
        layers.add(layer);
      }
    }
    return List.copyOf(layers);
  }

  private static List<Ref> refs(List<Symbol> symbols, Map<Symbol.Call, Integer> index) {
    List<Ref> refs = new ArrayList<>();
    for (Symbol symbol : symbols) {
      refs.add(ref(symbol, index));
    }
    return List.copyOf(refs);
  }

  private static Ref ref(Symbol symbol, Map<Symbol.Call, Integer> index) {
    return new Ref(index.get(symbol.producer()), symbol.output());
  }

  /** Gives nameless layers Keras' names: the class in snake case, counted. */
  private static Map<Layer, Layer> name(List<Layer> layers) {
    Set<String> taken = new HashSet<>();
    for (Layer layer : layers) {
      if (layer.name() != null && !taken.add(layer.name())) {
        throw new RillException("two layers are called " + layer.name() + ": give one of them another name");
      }
    }
    Map<Layer, Layer> named = new IdentityHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : layers) {
      Layer own = layer;
      String type = snakeCase(layer.className());
      while (own.name() == null) {
        int count = counts.merge(type, 1, Integer::sum) - 1;
        String candidate = type + (count == 0 ? "" : "_" + count);
        if (taken.add(candidate)) {
          own = layer.named(candidate);
        }
      }
      named.put(layer, own);
    }
    return named;
  }

  /**
   * Keras' snake case of a class name, which names layers and the groups of weight files.
   *
   * @param className such as {@code SimpleRNN}
   * @return such as {@code simple_rnn}
   */
  public static String snakeCase(String className) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < className.length(); i++) {
      char c = className.charAt(i);
      boolean afterLower = i > 0 && !Character.isUpperCase(className.charAt(i - 1));
      boolean beforeLower = i > 0 && i + 1 < className.length() && !Character.isUpperCase(className.charAt(i + 1));
      if (Character.isUpperCase(c) && (afterLower || beforeLower)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
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
   * @param operation told each operation behind a mask that a layer heeds
   */
  public void each(Consumer<Layer> layer, Consumer<Operation> operation) {
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
    if (!index.containsKey(symbol.producer())) {
      throw new RillException("the model does not hold this output of layer " + symbol.producer().layer().label());
    }
    return ref(symbol, index);
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
   * The shape at some point.
   *
   * @param ref output of a node
   * @return its shape
   */
  public Shape shape(Ref ref) {
    return nodes.get(ref.node()).outputs().get(ref.output());
  }

  /**
   * The name of the layer at some point.
   *
   * @param ref output of a node
   * @return a layer's name
   */
  public String layerName(Ref ref) {
    return nodes.get(ref.node()).layer().name();
  }

  /**
   * The first application of a layer.
   *
   * @param layer one of {@link #layers()}
   * @return the node
   */
  public Node firstNode(Layer layer) {
    Node node = firstNodes.get(layer);
    if (node == null) {
      throw new RillException("layer " + layer.label() + " is not one of this model's");
    }
    return node;
  }

  /**
   * The variables of every layer in Keras' order.
   *
   * @return by layer name, in the order of {@link #layers()}
   */
  public Map<String, List<Weights.Variable>> variables() {
    Map<String, List<Weights.Variable>> variables = new LinkedHashMap<>();
    for (Layer layer : layers) {
      Node node = firstNode(layer);
      variables.put(layer.name(), node.inputs().isEmpty() ? List.of() : layer.variables(shape(node.inputs().get(0))));
    }
    return variables;
  }

  /**
   * Whether an input holds ids of shape (batch, time), which embeddings read.
   *
   * @param input one of {@link #inputs()}
   * @return false if it holds features
   */
  public boolean ids(Ref input) {
    return ids.contains(input);
  }

  /** The shape as programs see it: ids are a sequence of one feature. */
  Shape running(Ref ref) {
    Shape shape = shape(ref);
    return ids(ref) ? Shape.of(shape.axis(0), shape.axis(1), 1) : shape;
  }

  /** The mask at some point, or null if every step counts. */
  Mask mask(Ref ref) {
    Mask mask = ref.output() == 0 ? nodes.get(ref.node()).mask() : null;
    return mask == null || mask.every() ? null : mask;
  }

  /**
   * How each variable starts, and what training adds to it.
   *
   * @return by layer name, in the order of {@link #variables()}
   */
  public Map<String, List<VariableRules>> rules() {
    Map<String, List<VariableRules>> rules = new LinkedHashMap<>();
    for (Layer layer : layers) {
      rules.put(layer.name(), layer.rules());
    }
    return rules;
  }

  /** Which input an output has its time axis from; −1 if it has none, or one of fixed length. */
  int timeSource(int output) {
    return timeSource(outputs.get(output));
  }

  /** The same at some point. */
  int timeSource(Ref at) {
    return running(at).rank() == 3 ? timeSources[at.node()] : -1;
  }

  /** How often the model applies a layer. */
  int applications(Layer layer) {
    return applications.getOrDefault(layer, 0);
  }
}
