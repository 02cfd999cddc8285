package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Mask;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A {@link Graph} to a model's configuration as Keras 3.15 writes it; what {@link ModelReader} reads gives the same graph. */
final class ModelWriter {
  private final Graph graph;
  private final MaskWriter masks;

  private ModelWriter(Graph graph) {
    this.graph = graph;
    masks = new MaskWriter(graph, this::tensor);
  }

  /**
   * Writes the configuration of a whole model.
   *
   * @param compile how it was compiled, null if it was not
   */
  static JsonObject write(Graph graph, JsonObject compile) {
    return model(graph).with("compile_config", compile == null ? JsonObject.EMPTY : compile);
  }

  /** The same without how it was compiled. */
  static JsonObject model(Graph graph) {
    ModelWriter writer = new ModelWriter(graph);
    return graph.sequential() ? writer.sequential() : writer.functional();
  }

  private JsonObject sequential() {
    List<JsonValue> layers = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      layers.add(layer(layer));
    }
    JsonArray input = LayerWriter.shape(graph.shape(graph.inputs().get(0)));
    JsonObject config = JsonObject.EMPTY.with("name", graph.name()).with("trainable", true)
        .with("dtype", LayerWriter.FLOAT32).with("layers", JsonArray.of(layers)).with("build_input_shape", input);
    return JsonObject.EMPTY.with("module", "keras").with("class_name", "Sequential").with("config", config)
        .withNull("registered_name").with("build_config", JsonObject.EMPTY.with("input_shape", input));
  }

  private JsonObject functional() {
    Map<Layer, List<JsonValue>> calls = new IdentityHashMap<>();
    List<Graph.Node> nodes = new ArrayList<>(graph.nodes());
    nodes.sort(Comparator.comparingInt(Graph.Node::application));
    for (Graph.Node node : nodes) {
      List<JsonValue> own = calls.computeIfAbsent(node.layer(), layer -> new ArrayList<>());
      if (!node.layer().isInput()) {
        own.add(call(node));
      }
    }
    List<JsonValue> layers = new ArrayList<>();
    graph.each(layer ->
        layers.add(layer(layer).with("name", layer.name()).with("inbound_nodes", JsonArray.of(calls.get(layer)))),
        operation -> layers.add(masks.write(operation)));
    JsonObject config = JsonObject.EMPTY.with("name", graph.name()).with("trainable", true)
        .with("layers", JsonArray.of(layers)).with("input_layers", histories(graph.inputs()))
        .with("output_layers", outputs());
    return JsonObject.EMPTY.with("module", "keras.src.models.functional").with("class_name", "Functional")
        .with("config", config).with("registered_name", "Functional")
        .with("build_config", JsonObject.EMPTY.withNull("input_shape"));
  }

  /** A layer keeps the shapes of its first application. */
  private JsonObject layer(Layer layer) {
    Graph.Node node = graph.firstNode(layer);
    return LayerWriter.write(layer, graph.shapes(node.inputs()), graph.shapes(node.initialState()));
  }

  private JsonObject call(Graph.Node node) {
    JsonArray inputs = tensors(node.inputs());
    return JsonObject.EMPTY.with("args", node.layer().readsList() ? JsonArray.of(List.of(inputs)) : inputs)
        .with("kwargs", keywords(node));
  }

  private JsonObject keywords(Graph.Node node) {
    if (node.initialState().isEmpty()) {
      checkMask(node);
    }
    List<JsonValue> handed = new ArrayList<>();
    for (Mask mask : node.appliedMasks()) {
      // A mask that a nested model makes reaches the layer behind it without being written.
      boolean written = mask != null && mask.operation() != null;
      handed.add(written ? masks.result(mask.operation()) : new JsonNull());
    }
    JsonValue mask = node.layer().readsList() ? JsonArray.of(handed) : handed.isEmpty() ? new JsonNull() : handed.get(0);
    return LayerCodecs.of(node.layer()).keywords(mask, tensors(node.initialState()));
  }

  /** Refuses a layer that passes over the mask of its only input: Keras has no way to say so. */
  private void checkMask(Graph.Node node) {
    Graph.Ref input = node.inputs().get(0);
    boolean masked = input.output() == 0 && graph.nodes().get(input.node()).mask() != null;
    if (masked && node.layer().takesMask() && node.appliedMask() == null) {
      throw new UnsupportedException("layer " + node.layer().name() + " passes over the mask of its input: a Keras file cannot "
          + "say so");
    }
  }

  private JsonArray tensors(List<Graph.Ref> refs) {
    List<JsonValue> tensors = new ArrayList<>();
    for (Graph.Ref ref : refs) {
      tensors.add(tensor(ref));
    }
    return JsonArray.of(tensors);
  }

  private JsonObject tensor(Graph.Ref ref) {
    Layer layer = graph.nodes().get(ref.node()).layer();
    return tensor(graph.shape(ref), LayerCodecs.of(layer).outputType(layer), history(ref, false));
  }

  static JsonObject tensor(Shape shape, String type, JsonArray history) {
    return JsonObject.EMPTY.with("class_name", "__keras_tensor__").with("config",
        JsonObject.EMPTY.with("shape", LayerWriter.shape(shape)).with("dtype", type).with("keras_history", history));
  }

  /** By the names of the outputs, if they have names of their own. */
  private JsonValue outputs() {
    if (!graph.namesOutputs()) {
      return histories(graph.outputs());
    }
    JsonObject named = JsonObject.EMPTY;
    for (int o = 0; o < graph.outputs().size(); o++) {
      named = named.with(graph.outputNames().get(o), history(graph.outputs().get(o), true));
    }
    return named;
  }

  /** {@code ["name", 0, 0]} for one, a list of such for several. */
  private JsonArray histories(List<Graph.Ref> refs) {
    if (refs.size() == 1) {
      return history(refs.get(0), true);
    }
    List<JsonValue> histories = new ArrayList<>();
    for (Graph.Ref ref : refs) {
      histories.add(history(ref, true));
    }
    return JsonArray.of(histories);
  }

  private JsonArray history(Graph.Ref ref, boolean listed) {
    Graph.Node node = graph.nodes().get(ref.node());
    int first = listed && NestedModelCodec.countsItself(node.layer()) ? 1 : 0;
    return history(node.layer().name(), first + node.application(), ref.output());
  }

  static JsonArray history(String layer, int application, int output) {
    return JsonArray.of(List.of(new JsonString(layer), JsonNumber.of(application), JsonNumber.of(output)));
  }
}
