package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.layers.InputLayer;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Weights;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keras 3's layout: a group an object, named by its class in snake case and counted within the model; the names that
 * users give do not occur in it. Also that of {@code .keras} files of Keras 2: 2.12 and 2.13 have another name for the group above
 * and count a layer with weights twice, since it stands in their list of layers twice; on Windows backslashes separate the names.
 */
final class ObjectWeights extends WeightSource {
  private static final String LAYERS = "layers";
  private static final String OLD_LAYERS = "_layer_checkpoint_dependencies";
  private static final String VARIABLES = "/vars";

  private final List<Hdf5Group> roots;
  private final Map<String, String> variables = new HashMap<>();

  /**
   * Weights in one file or several.
   *
   * @param roots at least one, each searched for what the ones before it do not have
   */
  ObjectWeights(List<Hdf5Group> roots, Graph graph, String place) throws IOException {
    super(place);
    this.roots = roots;
    boolean windows = isWindows(roots.get(0));
    if (isOld(roots.get(0))) {
      place(graph, groups(graph, OLD_LAYERS, 2), windows);
      if (!complete(graph)) {
        place(graph, groups(graph, OLD_LAYERS, 1), windows);
      }
    } else {
      place(graph, groups(graph), windows);
    }
  }

  /** Whether a file has this layout. */
  static boolean isIn(Hdf5Group root) throws IOException {
    return root.has(LAYERS) || isOld(root) || isWindows(root);
  }

  private static boolean isOld(Hdf5Group root) throws IOException {
    return root.has(OLD_LAYERS) || begins(root, OLD_LAYERS + '\\');
  }

  private static boolean isWindows(Hdf5Group root) throws IOException {
    return !root.has(LAYERS) && (begins(root, LAYERS + '\\') || begins(root, OLD_LAYERS + '\\'));
  }

  private static boolean begins(Hdf5Group root, String start) throws IOException {
    for (String name : root.names()) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /** The group of each layer that has one, by the layer's name, in the order of the layers. */
  static Map<String, String> groups(Graph graph) {
    return groups(graph, LAYERS, 1);
  }

  /** The same with another group above, where layers with weights count for some number. */
  private static Map<String, String> groups(Graph graph, String above, int step) {
    Map<String, List<Weights.Variable>> own = graph.variables();
    Map<String, String> groups = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : graph.layers()) {
      if (graph.sequential() && layer instanceof InputLayer) {
        continue;
      }
      String type = Graph.snakeCase(layer.className());
      int count = counts.getOrDefault(type, 0);
      counts.put(type, count + (own.get(layer.name()).isEmpty() ? 1 : step));
      groups.put(layer.name(), above + '/' + type + (count == 0 ? "" : "_" + count));
    }
    return groups;
  }

  /** Where, below its group, a layer has its variables: inside what it wraps, if it wraps something. */
  static String variables(Layer layer) {
    return layer instanceof Recurrent ? "/cell/vars" : layer instanceof TimeDistributed ? "/layer/vars" : VARIABLES;
  }

  private void place(Graph graph, Map<String, String> groups, boolean windows) {
    for (Layer layer : graph.layers()) {
      String path = groups.get(layer.name()) + variables(layer);
      String object = path.substring(0, path.length() - VARIABLES.length());
      variables.put(layer.name(), (windows ? object.replace('/', '\\') : object) + VARIABLES + '/');
    }
  }

  private boolean complete(Graph graph) throws IOException {
    Map<String, List<Weights.Variable>> own = graph.variables();
    for (Layer layer : graph.layers()) {
      if (!own.get(layer.name()).isEmpty() && !roots.get(0).has(variables.get(layer.name()) + 0)) {
        return false;
      }
    }
    return true;
  }

  @Override
  Hdf5Dataset dataset(Weights.Slice slice, int index) throws IOException {
    String path = variables.get(slice.layer()) + index;
    for (int i = 0; i < roots.size() - 1; i++) {
      if (roots.get(i).has(path)) {
        return roots.get(i).dataset(path);
      }
    }
    return roots.get(roots.size() - 1).dataset(path);
  }
}
