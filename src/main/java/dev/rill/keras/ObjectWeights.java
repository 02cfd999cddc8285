package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.variables.Variable;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keras 3's layout, in which {@link ObjectGroups} says where a variable lies. Also that of {@code .keras} files of Keras 2: 2.12 and
 * 2.13 have another name for the group above and count a layer with weights twice, since it stands in their list of layers twice; on
 * Windows backslashes separate the names.
 */
final class ObjectWeights extends WeightSource {
  private static final String OLD_LAYERS = "_layer_checkpoint_dependencies";
  private static final String VARIABLES = "/vars/";

  private final List<Hdf5Group> roots;
  /** The paths of the variables of each layer that runs itself. */
  private final Map<String, List<String>> paths = new HashMap<>();

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
      place(graph, ObjectGroups.of(graph, OLD_LAYERS, 2), windows);
      if (!complete()) {
        place(graph, ObjectGroups.of(graph, OLD_LAYERS, 1), windows);
      }
    } else {
      place(graph, ObjectGroups.of(graph), windows);
    }
  }

  /** Whether a file has this layout. */
  static boolean isIn(Hdf5Group root) throws IOException {
    return root.has(ObjectGroups.LAYERS) || isOld(root) || isWindows(root);
  }

  private static boolean isOld(Hdf5Group root) throws IOException {
    return root.has(OLD_LAYERS) || begins(root, OLD_LAYERS + '\\');
  }

  private static boolean isWindows(Hdf5Group root) throws IOException {
    return !root.has(ObjectGroups.LAYERS) && (begins(root, ObjectGroups.LAYERS + '\\') || begins(root, OLD_LAYERS + '\\'));
  }

  private static boolean begins(Hdf5Group root, String start) throws IOException {
    for (String name : root.names()) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /** Deals the paths of each layer out to the layers that it is made of. */
  private void place(Graph graph, Map<String, ObjectGroups> groups, boolean windows) {
    Map<String, List<Variable>> variables = graph.variables();
    for (Layer layer : graph.layers()) {
      if (groups.containsKey(layer.name())) {
        List<String> all = groups.get(layer.name()).variables();
        int from = 0;
        for (Layer part : graph.parts(layer)) {
          int to = from + variables.get(part.name()).size();
          paths.put(part.name(), windows ? turned(all.subList(from, to)) : all.subList(from, to));
          from = to;
        }
      }
    }
  }

  private static List<String> turned(List<String> paths) {
    List<String> turned = new ArrayList<>();
    for (String path : paths) {
      int end = path.lastIndexOf(VARIABLES);
      turned.add(path.substring(0, end).replace('/', '\\') + path.substring(end));
    }
    return turned;
  }

  private boolean complete() throws IOException {
    for (List<String> own : paths.values()) {
      if (!own.isEmpty() && !roots.get(0).has(own.get(0))) {
        return false;
      }
    }
    return true;
  }

  @Override
  StoredVariable variable(Weights.Slice slice, int index) throws IOException {
    String path = paths.get(slice.layer()).get(index);
    for (int i = 0; i < roots.size() - 1; i++) {
      if (roots.get(i).has(path)) {
        return new StoredVariable.Plain(roots.get(i).dataset(path));
      }
    }
    return new StoredVariable.Plain(roots.get(roots.size() - 1).dataset(path));
  }
}
