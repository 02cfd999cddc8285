package dev.rill.keras;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.variables.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The groups that Keras 3 gives to a layer in a file of weights: that of the layer, named by its class in snake case and counted
 * within the model, and below it one for each object inside (a cell, what a wrapper holds). The names that users give occur in
 * attributes only. An object's variables lie in its group's {@code vars}, numbered from 0, those that are trained first.
 */
final class ObjectGroups {
  /** The group above those of the layers. */
  static final String LAYERS = "layers";

  private final String path;
  /** What the group above the layers of a model is called, and for how many a layer with weights counts there. */
  private final String above;
  private final int step;
  private final Map<String, String> names;
  private final List<String> variables;
  private final Map<String, Integer> counts = new HashMap<>();

  /** Those of a layer whose group is the given one. */
  ObjectGroups(String path, String above, int step) {
    this(path, above, step, new LinkedHashMap<>(), new ArrayList<>());
  }

  private ObjectGroups(String path, String above, int step, Map<String, String> names, List<String> variables) {
    this.path = path;
    this.above = above;
    this.step = step;
    this.names = names;
    this.variables = variables;
  }

  /** The groups of every layer that has one, by the layer's name, in the order of the layers. */
  static Map<String, ObjectGroups> of(Graph graph) {
    return of(graph, LAYERS, 1);
  }

  /** The same with another group above, where layers with weights count for some number. */
  static Map<String, ObjectGroups> of(Graph graph, String above, int step) {
    return of(graph, "", above, step);
  }

  private static Map<String, ObjectGroups> of(Graph graph, String model, String above, int step) {
    Map<String, ObjectGroups> groups = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : graph.layers()) {
      if (graph.sequential() && layer.isInput()) {
        continue;
      }
      String type = LayerNames.snakeCase(layer.className());
      int count = counts.getOrDefault(type, 0);
      ObjectGroups own = new ObjectGroups(model + above + '/' + type + (count == 0 ? "" : "_" + count), above, step);
      LayerCodecs.of(layer).groups(layer, graph.shapes(graph.firstNode(layer).inputs()), own);
      counts.put(type, count + (own.variables.isEmpty() ? 1 : step));
      groups.put(layer.name(), own);
    }
    return groups;
  }

  /**
   * Adds an object.
   *
   * @param child its path below this one, such as {@code /cell}; empty for this one itself
   * @param name the object's own
   * @param own the next ones of the layer's variables, those that this object has
   */
  void add(String child, String name, List<Variable> own) {
    String vars = path + child + "/vars";
    names.put(vars, name);
    int trained = 0;
    for (Variable variable : own) {
      trained += variable.trained() ? 1 : 0;
    }
    int next = 0;
    for (Variable variable : own) {
      variables.add(vars + '/' + (variable.trained() ? next++ : trained++));
    }
  }

  /** A name of a group below this one: counted, from the second of its kind on. */
  String counted(String type) {
    int count = counts.getOrDefault(type, 0);
    counts.put(type, count + 1);
    return count == 0 ? type : type + '_' + count;
  }

  /** Adds the layers of a model that is a layer. */
  void addAll(Graph graph) {
    for (ObjectGroups layer : of(graph, path + '/', above, step).values()) {
      names.putAll(layer.names);
      variables.addAll(layer.variables);
    }
  }

  /** The same groups, to which objects below a child are added. */
  ObjectGroups below(String child) {
    return new ObjectGroups(path + child, above, step, names, variables);
  }

  /** The path of every object's variables with the object's name, in the order in which they were added. */
  Map<String, String> names() {
    return names;
  }

  /** The path of each of the layer's variables, in the layer's order. */
  List<String> variables() {
    return variables;
  }
}
