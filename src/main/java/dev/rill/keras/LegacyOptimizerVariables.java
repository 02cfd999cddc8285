package dev.rill.keras;

import dev.rill.io.HeapRoom;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import dev.rill.training.Adam;
import dev.rill.training.Optimizer;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an optimizer of Keras 1 or 2 remembers, as the variables that today's has. They kept iterations, mostly, and then one slot of
 * all variables after the other; the learning rate is in their configuration.
 */
final class LegacyOptimizerVariables {
  private LegacyOptimizerVariables() {}

  /**
   * Reads those of an optimizer that Keras 3 has taken over: in today's order, but for the learning rate, which is not among them.
   * An SGD keeps momenta, too, that it does not use.
   */
  static List<KerasVariable> ofNew(List<Hdf5Dataset> found, Optimizer optimizer) throws IOException {
    List<KerasVariable> variables = new ArrayList<>();
    for (Hdf5Dataset data : found) {
      if (variables.isEmpty() || !isScalar(data) && !optimizer.slots().isEmpty()) {
        variables.add(KerasVariable.read(data));
      }
      if (variables.size() == 1 && optimizer.schedule() == null) {
        variables.add(KerasVariable.of((float) optimizer.learningRate()));
      }
    }
    return List.copyOf(variables);
  }

  /**
   * Reads those of another one.
   *
   * @param found in the order of the file
   * @param weights of the same file, as which the slots lie
   * @param byName whether variables stand in the order of their names
   */
  static List<KerasVariable> read(List<Hdf5Dataset> found, LegacyWeights weights, Optimizer optimizer, boolean byName)
      throws IOException {
    if (found.isEmpty()) {
      return List.of();
    }
    // RMSprop and Adagrad did not keep it before Keras 2.3, which counts from 0 then.
    boolean counted = isScalar(found.get(0));
    List<KerasVariable> variables = new ArrayList<>();
    variables.add(KerasVariable.of(counted ? count(found.get(0)) : 0));
    if (optimizer.schedule() == null) {
      variables.add(KerasVariable.of((float) optimizer.learningRate()));
    }
    List<Hdf5Dataset> rest = found.subList(counted ? 1 : 0, found.size());
    int each = weights.trainedCount();
    int slots = optimizer.slots().size();
    // Kept, but not used: the largest squares of an Adam that does not ask for them, the momentum of an SGD without.
    boolean spare = rest.size() == (slots + 1) * each && (slots == 0 || optimizer instanceof Adam);
    if (rest.isEmpty()) {
      return List.copyOf(variables);
    }
    if (rest.size() != slots * each && !spare) {
      throw new FormatException("the file has " + rest.size() + " variables of an optimizer, " + optimizer.className() + " had " + slots
          * each + " for this model: call compile to start it anew");
    }
    List<List<KerasVariable>> all = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      all.add(slot(rest.subList(slot * each, (slot + 1) * each), weights, byName));
    }
    variables.addAll(OptimizerVariables.inOrder(all, optimizer.interleaved()));
    return List.copyOf(variables);
  }

  private static boolean isScalar(Hdf5Dataset data) {
    return data.shape().length == 0;
  }

  /** An integer; a float where Keras is older than 2. */
  private static long count(Hdf5Dataset data) throws IOException {
    if (!data.type().floating()) {
      return data.longs()[0];
    }
    float[] value = new float[1];
    data.floats(value, 0);
    return (long) value[0];
  }

  private static List<KerasVariable> slot(List<Hdf5Dataset> stored, LegacyWeights weights, boolean byName) throws IOException {
    List<Weights.Slice> slices = weights.trained();
    List<StoredVariable> found = weights.arranged(stored, byName);
    List<KerasVariable> slot = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      Shape shape = slices.get(i).shape();
      if (!Arrays.equals(found.get(i).shape(), shape.toArray())) {
        throw new FormatException("layer " + slices.get(i).layer() + ", " + slices.get(i).name() + ": the optimizer expects shape " + shape
            + ", " + found.get(i).path() + " has " + Arrays.toString(found.get(i).shape()) + ": call compile to start it anew");
      }
      float[] values = HeapRoom.floats(shape.size(), "the variable " + found.get(i).path() + " of an optimizer");
      found.get(i).floats(values, 0);
      slot.add(KerasVariable.of(shape, values, 0));
    }
    return slot;
  }
}
