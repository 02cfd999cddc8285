package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.FormatException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of Keras' {@code .h5} files before version 3, which it still writes on request: attributes list the layers
 * and their variables. Layers are matched by order, as Keras matches them.
 */
final class LegacyWeights extends WeightSource {
  private final Map<String, List<Hdf5Dataset>> found = new HashMap<>();

  LegacyWeights(Hdf5Group root, Graph graph) throws IOException {
    Hdf5Group top = root.attributes().has("model_config") || root.has("model_weights") ? root.group("model_weights") : root;
    List<List<Hdf5Dataset>> stored = new ArrayList<>();
    for (String layer : top.attributes().strings("layer_names")) {
      Hdf5Group group = top.group(layer);
      List<Hdf5Dataset> data = new ArrayList<>();
      for (String weight : group.attributes().strings("weight_names")) {
        data.add(group.dataset(weight));
      }
      if (!data.isEmpty()) {
        stored.add(data);
      }
    }
    List<Layer> expected = new ArrayList<>();
    Weights layout = KerasFile.layout(graph, top.path());
    for (Layer layer : graph.layers()) {
      if (!layout.slices(layer.name()).isEmpty()) {
        expected.add(layer);
      }
    }
    if (stored.size() != expected.size()) {
      throw new FormatException(top.path() + ": the model has " + expected.size() + " layers with weights, the file "
          + stored.size());
    }
    for (int i = 0; i < stored.size(); i++) {
      int count = layout.slices(expected.get(i).name()).size();
      if (stored.get(i).size() != count) {
        throw new FormatException("layer " + expected.get(i).name() + ": expected " + count + " variables, the file has "
            + stored.get(i).size());
      }
      found.put(expected.get(i).name(), stored.get(i));
    }
  }

  @Override
  Hdf5Dataset dataset(Weights.Slice slice, int index) {
    return found.get(slice.layer()).get(index);
  }
}
