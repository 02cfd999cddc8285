package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.layers.Recurrent;
import dev.rill.layers.TimeDistributed;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keras 3's layout: a group an object, named by its class in snake case and counted within the model; the names that
 * users give do not occur in it.
 */
final class ObjectWeights extends WeightSource {
  private final Hdf5Group root;
  private final Map<String, String> variables = new HashMap<>();

  ObjectWeights(Hdf5Group root, Graph graph) {
    this.root = root;
    Map<String, String> groups = groups(graph);
    for (Layer layer : graph.layers()) {
      variables.put(layer.name(), groups.get(layer.name()) + variables(layer) + '/');
    }
  }

  /** The group of each layer that has one, by the layer's name, in the order of the layers. */
  static Map<String, String> groups(Graph graph) {
    Map<String, String> groups = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : graph.layers()) {
      if (graph.sequential() && layer.isInput()) {
        continue;
      }
      String type = LayerNames.snakeCase(layer.className());
      int count = counts.getOrDefault(type, 0);
      counts.put(type, count + 1);
      groups.put(layer.name(), "layers/" + type + (count == 0 ? "" : "_" + count));
    }
    return groups;
  }

  /** Where, below its group, a layer has its variables: inside what it wraps, if it wraps something. */
  static String variables(Layer layer) {
    return layer instanceof Recurrent ? "/cell/vars" : layer instanceof TimeDistributed ? "/layer/vars" : "/vars";
  }

  @Override
  Hdf5Dataset dataset(Weights.Slice slice, int index) throws IOException {
    return root.dataset(variables.get(slice.layer()) + index);
  }
}
