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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layout of Keras' {@code .h5} files before version 3, which it still writes on request: attributes list the layers
 * and their variables. Layers are matched by order, as Keras matches them.
 */
final class LegacyWeights extends WeightSource {
  private static final String LAYERS = "layer_names";
  private static final String VARIABLES = "weight_names";

  /** By the place of the variable among all. */
  private final Map<Integer, Hdf5Dataset> found = new HashMap<>();

  LegacyWeights(Hdf5Group root, Graph graph, String place) throws IOException {
    super(place);
    Hdf5Group top = root.attributes().has("model_config") || root.has("model_weights") ? root.group("model_weights") : root;
    Weights layout = KerasFile.layout(graph, place);
    List<Layer> expected = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      if (!layout.slices(layer.name()).isEmpty()) {
        expected.add(layer);
      }
    }
    // Everything is counted before anything is opened: a small file can list the same many times.
    Set<String> names = new HashSet<>();
    List<Hdf5Group> stored = new ArrayList<>();
    for (String name : top.attributes().strings(LAYERS)) {
      if (!names.add(name)) {
        throw new FormatException(place + ' ' + top.path() + ": the layer " + name + " is listed twice");
      }
      Hdf5Group group = top.group(name);
      if (!group.attributes().strings(VARIABLES).isEmpty()) {
        stored.add(group);
      }
    }
    if (stored.size() != expected.size()) {
      throw new FormatException(place + ' ' + top.path() + ": the model has " + expected.size() + " layers with weights, the file "
          + stored.size());
    }
    for (int i = 0; i < stored.size(); i++) {
      open(expected.get(i), inOrder(graph, layout, expected.get(i)), stored.get(i));
    }
  }

  /** The variables of a layer as these files list them: of those that it is made of, what is trained comes first. */
  private static List<Weights.Slice> inOrder(Graph graph, Weights layout, Layer layer) {
    List<Weights.Slice> trained = new ArrayList<>();
    List<Weights.Slice> others = new ArrayList<>();
    for (Layer part : graph.parts(layer)) {
      for (Weights.Slice slice : layout.slices(part.name())) {
        (graph.trained(part) && slice.variable().trained() ? trained : others).add(slice);
      }
    }
    trained.addAll(others);
    return trained;
  }

  private void open(Layer layer, List<Weights.Slice> slices, Hdf5Group group) throws IOException {
    List<String> weights = group.attributes().strings(VARIABLES);
    if (weights.size() != slices.size()) {
      throw new FormatException("layer " + layer.name() + ": expected " + slices.size() + " variables, the file has " + weights.size() + " in "
          + group.path());
    }
    for (int i = 0; i < weights.size(); i++) {
      found.put(slices.get(i).at(), group.dataset(weights.get(i)));
    }
  }

  @Override
  Hdf5Dataset dataset(Weights.Slice slice, int index) {
    return found.get(slice.at());
  }
}
