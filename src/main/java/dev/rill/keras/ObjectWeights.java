package dev.rill.keras;

import dev.rill.layers.Graph;
import dev.rill.layers.InputLayer;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Weights;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Keras 3's layout: a group an object, named by its class in snake case and counted within the model; the names that
 * users give do not occur in it.
 */
final class ObjectWeights extends WeightSource {
  private final Hdf5Group root;
  private final Map<String, String> groups = new HashMap<>();

  ObjectWeights(Hdf5Group root, Graph graph) {
    this.root = root;
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : graph.layers()) {
      if (graph.sequential() && layer instanceof InputLayer) {
        continue;
      }
      String type = Graph.snakeCase(layer.className());
      int count = counts.getOrDefault(type, 0);
      counts.put(type, count + 1);
      String inner = layer instanceof Recurrent ? "/cell" : layer instanceof TimeDistributed ? "/layer" : "";
      groups.put(layer.name(), "layers/" + type + (count == 0 ? "" : "_" + count) + inner + "/vars/");
    }
  }

  @Override
  Hdf5Dataset dataset(Weights.Slice slice, int index) throws IOException {
    return root.dataset(groups.get(slice.layer()) + index);
  }
}
