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
  private final Map<Integer, StoredVariable> found = new HashMap<>();
  /** Whether the kernels of convolutions go from the last step to the first. */
  private final boolean turned;

  LegacyWeights(Hdf5Group root, Graph graph, String place) throws IOException {
    super(place);
    Hdf5Group top = root.attributes().has("model_config") || root.has("model_weights") ? root.group("model_weights") : root;
    turned = isTheano(root) || isTheano(top);
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
      open(graph, layout, expected.get(i), stored.get(i));
    }
  }

  private static boolean isTheano(Hdf5Group group) throws IOException {
    return group.attributes().has("backend") && group.attributes().string("backend").equals("theano");
  }

  /** The layers that a layer is made of, as these files list their variables: what is trained comes first. */
  private static List<List<Weights.Slice>> inOrder(Graph graph, Weights layout, Layer layer) {
    List<List<Weights.Slice>> trained = new ArrayList<>();
    List<List<Weights.Slice>> others = new ArrayList<>();
    for (Layer part : graph.parts(layer)) {
      List<Weights.Slice> first = new ArrayList<>();
      List<Weights.Slice> last = new ArrayList<>();
      for (Weights.Slice slice : layout.slices(part.name())) {
        (graph.trained(part) && slice.variable().trained() ? first : last).add(slice);
      }
      trained.add(first);
      others.add(last);
    }
    trained.addAll(others);
    return trained;
  }

  private void open(Graph graph, Weights layout, Layer layer, Hdf5Group group) throws IOException {
    List<List<Weights.Slice>> expected = inOrder(graph, layout, layer);
    List<String> names = group.attributes().strings(VARIABLES);
    int count = 0;
    for (List<Weights.Slice> slices : expected) {
      count += slices.size();
    }
    int gates = count > 0 && names.size() % count == 0 ? names.size() / count : 0;
    // Keras 1 may keep the 4 gates of an LSTM, or the 3 of a GRU, one by one.
    if (gates != 1 && (gates != 3 && gates != 4 || !recurrent(expected, gates))) {
      throw new FormatException("layer " + layer.name() + ": expected " + count + " variables, the file has " + names.size() + " in "
          + group.path());
    }
    int next = 0;
    for (List<Weights.Slice> slices : expected) {
      List<Hdf5Dataset> stored = new ArrayList<>();
      for (String name : names.subList(next, next + gates * slices.size())) {
        stored.add(group.dataset(name));
      }
      next += stored.size();
      List<StoredVariable> variables = gates > 1 && !stored.isEmpty() ? GateVariable.of(stored) : variables(slices, stored);
      for (int i = 0; i < slices.size(); i++) {
        found.put(slices.get(i).at(), variables.get(i));
      }
    }
  }

  /** Whether all are the three variables of layers with so many gates. */
  private static boolean recurrent(List<List<Weights.Slice>> parts, int gates) {
    for (List<Weights.Slice> slices : parts) {
      boolean three = slices.size() == 3 && slices.get(1).name().equals("recurrent_kernel");
      if (!slices.isEmpty() && !(three && slices.get(1).shape().axis(1) == gates * slices.get(1).shape().axis(0))) {
        return false;
      }
    }
    return true;
  }

  private List<StoredVariable> variables(List<Weights.Slice> slices, List<Hdf5Dataset> stored) {
    int gates = CudnnVariable.gates(slices, stored);
    List<StoredVariable> variables = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      Weights.Slice slice = slices.get(i);
      boolean convolution = slice.name().equals("kernel") && slice.shape().rank() == 3;
      variables.add(gates > 0 ? new CudnnVariable(stored.get(i), slice.shape().toArray(), gates, i == 2)
          : convolution ? new OldKernel(stored.get(i), slice.shape().toArray(), turned)
          : new StoredVariable.Plain(stored.get(i)));
    }
    return variables;
  }

  @Override
  StoredVariable variable(Weights.Slice slice, int index) {
    return found.get(slice.at());
  }
}
