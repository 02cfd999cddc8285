package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.layers.Operation;
import dev.rill.layers.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What {@link MaskReader} reads, the other way: the operations that compute masks, under Keras' names for them. */
final class MaskWriter {
  private final Graph graph;
  private final Function<Graph.Ref, JsonObject> tensors;
  private final Map<Operation, String> names = new IdentityHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * Names the operations: the class in snake case, counted, as layers are.
   *
   * @param tensors how an output of a layer is written
   */
  MaskWriter(Graph graph, Function<Graph.Ref, JsonObject> tensors) {
    this.graph = graph;
    this.tensors = tensors;
    for (Layer layer : graph.layers()) {
      taken.add(layer.name());
    }
    graph.each(layer -> { }, operation -> names.put(operation, free(LayerNames.snakeCase(operation.className()))));
  }

  private String free(String name) {
    String candidate;
    do {
      int count = counts.merge(name, 1, Integer::sum) - 1;
      candidate = count == 0 ? name : name + "_" + count;
    } while (!taken.add(candidate));
    return candidate;
  }

  /** The entry of an operation, which stands among those of layers. */
  JsonObject write(Operation operation) {
    String type = operation.className();
    String name = names.get(operation);
    JsonObject call = JsonObject.EMPTY.with("args", JsonArray.of(arguments(operation))).with("kwargs", JsonObject.EMPTY);
    return JsonObject.EMPTY.with("module", "keras.src.ops.numpy").with("class_name", type)
        .with("config", config(operation, JsonObject.EMPTY.with("name", name))).with("registered_name", type)
        .with("name", name).with("inbound_nodes", JsonArray.of(List.of(call)));
  }

  private static JsonObject config(Operation operation, JsonObject config) {
    switch (operation.className()) {
      case "Any":
        return config.with("axis", (int) operation.number()).with("keepdims", false);
      case "ExpandDims", "Concatenate":
        return config.with("axis", (int) operation.number());
      case "ZerosLike", "OnesLike":
        return config.with("dtype", "bool");
      default:
        return config;
    }
  }

  private List<JsonValue> arguments(Operation operation) {
    List<JsonValue> read = new ArrayList<>();
    for (Symbol symbol : operation.symbols()) {
      read.add(tensors.apply(graph.ref(symbol)));
    }
    for (Operation other : operation.operations()) {
      read.add(result(other));
    }
    if (operation.className().equals("NotEqual")) {
      // Ids are compared with an integer.
      boolean ids = operation.shape().rank() == 2;
      read.add(ids ? JsonNumber.of((long) operation.number()) : JsonNumber.of(operation.number()));
    }
    return operation.className().equals("Concatenate") ? List.of(JsonArray.of(read)) : read;
  }

  /** What an operation gives, as others read it. */
  JsonObject result(Operation operation) {
    return ModelWriter.tensor(operation.shape(), "bool", ModelWriter.history(names.get(operation), 0, 0));
  }
}
