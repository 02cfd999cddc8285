package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.layers.Dropout;
import dev.rill.layers.Graph;
import dev.rill.layers.InputLayer;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Weights;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A {@link Graph} to a model's configuration as Keras 3.15 writes it; what {@link ModelReader} reads gives the same graph. */
final class ModelWriter {
  private final Graph graph;
  /** Which application of its layer a node is. */
  private final int[] applications;
  private final Map<String, List<Weights.Variable>> variables;

  private ModelWriter(Graph graph) {
    this.graph = graph;
    variables = graph.variables();
    applications = new int[graph.nodes().size()];
    Map<Layer, Integer> counts = new IdentityHashMap<>();
    for (int i = 0; i < applications.length; i++) {
      applications[i] = counts.merge(graph.nodes().get(i).layer(), 1, Integer::sum) - 1;
    }
  }

  /**
   * Writes the configuration of a whole model.
   *
   * @param compile how it was compiled, null if it was not
   */
  static JsonObject write(Graph graph, JsonObject compile) {
    ModelWriter writer = new ModelWriter(graph);
    JsonObject model = graph.sequential() ? writer.sequential() : writer.functional();
    return model.with("compile_config", compile == null ? JsonObject.EMPTY : compile);
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
    for (Graph.Node node : graph.nodes()) {
      List<JsonValue> own = calls.computeIfAbsent(node.layer(), layer -> new ArrayList<>());
      if (!(node.layer() instanceof InputLayer)) {
        own.add(call(node));
      }
    }
    List<JsonValue> layers = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      layers.add(layer(layer).with("name", layer.name()).with("inbound_nodes", JsonArray.of(calls.get(layer))));
    }
    JsonObject config = JsonObject.EMPTY.with("name", graph.name()).with("trainable", true)
        .with("layers", JsonArray.of(layers)).with("input_layers", histories(graph.inputs()))
        .with("output_layers", histories(graph.outputs()));
    return JsonObject.EMPTY.with("module", "keras.src.models.functional").with("class_name", "Functional")
        .with("config", config).with("registered_name", "Functional")
        .with("build_config", JsonObject.EMPTY.withNull("input_shape"));
  }

  private JsonObject layer(Layer layer) {
    return LayerWriter.write(layer, variables.get(layer.name()).isEmpty() ? null : build(graph.firstNode(layer)));
  }

  /** The shapes that a layer with weights was built for: those of its first application. */
  private JsonObject build(Graph.Node node) {
    JsonArray input = LayerWriter.shape(graph.shape(node.inputs().get(0)));
    if (node.initialState().isEmpty()) {
      return JsonObject.EMPTY.with("input_shape", input);
    }
    List<JsonValue> states = new ArrayList<>();
    for (Graph.Ref state : node.initialState()) {
      states.add(LayerWriter.shape(graph.shape(state)));
    }
    return JsonObject.EMPTY.with("shapes_dict",
        JsonObject.EMPTY.with("sequences_shape", input).with("initial_state_shape", JsonArray.of(states)));
  }

  private JsonObject call(Graph.Node node) {
    return JsonObject.EMPTY.with("args", tensors(node.inputs())).with("kwargs", keywords(node));
  }

  /** The arguments behind the input; those that say nothing are written as Keras does. */
  private JsonObject keywords(Graph.Node node) {
    if (!node.initialState().isEmpty()) {
      return JsonObject.EMPTY.with("initial_state", tensors(node.initialState()));
    } else if (node.layer() instanceof Recurrent) {
      return JsonObject.EMPTY.with("training", false).withNull("mask");
    } else if (node.layer() instanceof TimeDistributed) {
      return JsonObject.EMPTY.withNull("mask");
    } else if (node.layer() instanceof Dropout) {
      return JsonObject.EMPTY.with("training", false);
    }
    return JsonObject.EMPTY;
  }

  private JsonArray tensors(List<Graph.Ref> refs) {
    List<JsonValue> tensors = new ArrayList<>();
    for (Graph.Ref ref : refs) {
      JsonObject tensor = JsonObject.EMPTY.with("shape", LayerWriter.shape(graph.shape(ref))).with("dtype", "float32")
          .with("keras_history", history(ref));
      tensors.add(JsonObject.EMPTY.with("class_name", "__keras_tensor__").with("config", tensor));
    }
    return JsonArray.of(tensors);
  }

  /** {@code ["name", 0, 0]} for one, a list of such for several. */
  private JsonArray histories(List<Graph.Ref> refs) {
    if (refs.size() == 1) {
      return history(refs.get(0));
    }
    List<JsonValue> histories = new ArrayList<>();
    for (Graph.Ref ref : refs) {
      histories.add(history(ref));
    }
    return JsonArray.of(histories);
  }

  /** Layer, application and output. */
  private JsonArray history(Graph.Ref ref) {
    return JsonArray.of(List.of(new JsonString(graph.layerName(ref)), JsonNumber.of(applications[ref.node()]),
        JsonNumber.of(ref.output())));
  }
}
