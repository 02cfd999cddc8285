package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The layout of Keras' {@code .h5} files before version 3, which it still writes on request: attributes list the layers
 * and their variables. Layers are matched by order, as Keras matches them, unless all have the names that they have there: those of
 * joined models stand in another order.
 */
final class LegacyWeights extends WeightSource {
  private static final String LAYERS = "layer_names";
  private static final String VARIABLES = "weight_names";

  /** By the place of the variable among all. */
  private final Map<Integer, StoredVariable> found = new HashMap<>();
  /** What is trained, in the order of the file. */
  private final List<Part> trained = new ArrayList<>();
  /** Whether the kernels of convolutions go from the last step to the first. */
  private final boolean turned;

  /**
   * The variables of one layer.
   *
   * @param gates how many data sets hold each
   * @param names of all data sets
   */
  private record Part(List<Weights.Slice> slices, int gates, List<String> names) {
    int count() {
      return names.size();
    }
  }

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
    Map<String, Hdf5Group> stored = new LinkedHashMap<>();
    for (String name : top.attributes().strings(LAYERS)) {
      if (!names.add(name)) {
        throw new FormatException(place + ' ' + top.path() + ": the layer " + name + " is listed twice");
      }
      Hdf5Group group = top.group(name);
      if (!group.attributes().strings(VARIABLES).isEmpty()) {
        stored.put(name, group);
      }
    }
    if (stored.size() != expected.size()) {
      throw new FormatException(place + ' ' + top.path() + ": the model has " + expected.size() + " layers with weights, the file "
          + stored.size());
    }
    List<Hdf5Group> inOrder = new ArrayList<>(stored.values());
    boolean sameNames = true;
    for (Layer layer : expected) {
      sameNames = sameNames && stored.containsKey(layer.name());
    }
    for (int i = 0; i < inOrder.size(); i++) {
      Layer layer = expected.get(i);
      open(graph, layout, layer, sameNames ? stored.get(layer.name()) : inOrder.get(i));
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
    for (int p = 0; p < expected.size(); p++) {
      int end = next + gates * expected.get(p).size();
      Part part = new Part(expected.get(p), gates, names.subList(next, end));
      List<Hdf5Dataset> stored = new ArrayList<>();
      for (String name : part.names()) {
        stored.add(group.dataset(name));
      }
      next = end;
      List<StoredVariable> variables = variables(part, stored);
      for (int i = 0; i < variables.size(); i++) {
        found.put(part.slices().get(i).at(), variables.get(i));
      }
      if (p < expected.size() / 2) {
        trained.add(part);
      }
    }
  }

  /** The variables that training changes, as Keras lists them. */
  List<Weights.Slice> trained() {
    List<Weights.Slice> all = new ArrayList<>();
    for (Part part : trained) {
      all.addAll(part.slices());
    }
    return all;
  }

  /** How many data sets hold what is trained. */
  int trainedCount() {
    int count = 0;
    for (Part part : trained) {
      count += part.count();
    }
    return count;
  }

  /**
   * What an optimizer has for each trained variable, which lies as the variable itself does.
   *
   * @param stored as many data sets as hold what is trained
   * @param byName whether they stand in the order of the names of variables, rather than in that of the layers
   */
  List<StoredVariable> arranged(List<Hdf5Dataset> stored, boolean byName) {
    List<Hdf5Dataset> inOrder = byName ? byLayer(stored) : stored;
    List<StoredVariable> all = new ArrayList<>();
    int next = 0;
    for (Part part : trained) {
      all.addAll(variables(part, inOrder.subList(next, next + part.count())));
      next += part.count();
    }
    return all;
  }

  private List<Hdf5Dataset> byLayer(List<Hdf5Dataset> byName) {
    List<String> names = new ArrayList<>();
    for (Part part : trained) {
      names.addAll(part.names());
    }
    Map<String, Hdf5Dataset> found = new HashMap<>();
    for (String name : new TreeSet<>(names)) {
      found.put(name, byName.get(found.size()));
    }
    List<Hdf5Dataset> byLayer = new ArrayList<>();
    for (String name : names) {
      byLayer.add(found.get(name));
    }
    return byLayer;
  }

  /** Refuses layers that trained two variables where there is one today. */
  void refuseSums() {
    for (Weights.Slice slice : trained()) {
      if (found.get(slice.at()) instanceof CudnnVariable variable && variable.isSum()) {
        throw new UnsupportedException("layer " + slice.layer() + ": a CuDNNLSTM trains two biases, of which the LSTM that it is read as "
            + "has the sum: call compile to train that");
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

  private List<StoredVariable> variables(Part part, List<Hdf5Dataset> stored) {
    if (part.gates() > 1 && !stored.isEmpty()) {
      return GateVariable.of(stored);
    }
    List<Weights.Slice> slices = part.slices();
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
