package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.tensor.FormatException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where the variables of an optimizer are in what Keras has saved. */
final class OptimizerSource {
  private static final String VARIABLES = "optimizer/vars/";
  private static final String LEGACY = "optimizer_weights";
  /** More than any optimizer has for each variable of a model, and beside them. */
  private static final int MAX_SLOTS = 8;
  private static final int MAX_OTHERS = 16;

  private OptimizerSource() {}

  /**
   * Reads them, once their number and sizes have been held against the weights that they belong to.
   *
   * @param stored what the model is being loaded from
   * @param weights of the model
   * @param skipped how many of the first ones belong to what is around the optimizer
   */
  static List<KerasVariable> read(StoredModel stored, Weights weights, int skipped) throws IOException {
    List<Hdf5Dataset> found = checked(stored, weights);
    List<KerasVariable> variables = new ArrayList<>();
    for (Hdf5Dataset data : found.subList(Math.min(skipped, found.size()), found.size())) {
      variables.add(KerasVariable.read(data));
    }
    return List.copyOf(variables);
  }

  /** Finds them; their number and sizes make sense for the weights that they belong to. */
  static List<Hdf5Dataset> checked(StoredModel stored, Weights weights) throws IOException {
    List<Hdf5Dataset> found = find(stored, weights);
    long numbers = 0;
    for (Hdf5Dataset data : found) {
      numbers += data.size();
    }
    if (numbers > MAX_OTHERS + (long) MAX_SLOTS * weights.size()) {
      throw new FormatException(stored.place() + ": the optimizer remembers " + numbers + " numbers, but the model has only "
          + weights.size() + " weights");
    }
    return found;
  }

  private static List<Hdf5Dataset> find(StoredModel stored, Weights weights) throws IOException {
    int most = MAX_OTHERS;
    for (String layer : weights.layers()) {
      most += MAX_SLOTS * weights.slices(layer).size();
    }
    List<Hdf5Dataset> found = new ArrayList<>();
    Hdf5Group root = stored.roots().get(0);
    if (root.has(LEGACY)) {
      Hdf5Group group = root.group(LEGACY);
      List<String> names = group.attributes().strings("weight_names");
      refuseMore(names.size(), most, stored);
      for (String name : names) {
        found.add(group.dataset(name));
      }
      return found;
    }
    // Weights in several files have the variables of one optimizer in several of them.
    for (Hdf5Group holder = holder(stored, 0); holder != null; holder = holder(stored, found.size())) {
      refuseMore(found.size() + 1, most, stored);
      found.add(holder.dataset(VARIABLES + found.size()));
    }
    return found;
  }

  private static Hdf5Group holder(StoredModel stored, int variable) throws IOException {
    for (Hdf5Group root : stored.roots()) {
      if (root.has(VARIABLES + variable)) {
        return root;
      }
    }
    return null;
  }

  private static void refuseMore(int count, int most, StoredModel stored) {
    if (count > most) {
      throw new FormatException(stored.place() + ": the optimizer has " + count + " variables or more, at most " + most
          + " make sense for this model");
    }
  }
}
