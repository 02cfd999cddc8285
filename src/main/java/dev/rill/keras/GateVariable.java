package dev.rill.keras;

import dev.rill.io.ElementType;
import dev.rill.io.HeapRoom;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.tensor.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A variable whose gates Keras 1 keeps apart, as long as it computes them one by one ({@code consume_less} other than {@code gpu}): the
 * gates stand side by side since.
 *
 * @param gates in the order that they have since
 */
record GateVariable(List<Hdf5Dataset> gates) implements StoredVariable {
  /** For each gate of today which one it is there: LSTM i, c, f, o; GRU z, r, h. */
  private static final int[] LSTM = {0, 2, 1, 3};
  private static final int[] GRU = {0, 1, 2};

  /**
   * Kernel, recurrent kernel and bias of a layer.
   *
   * @param stored the same three for each gate: 12 of an LSTM, 9 of a GRU
   */
  static List<StoredVariable> of(List<Hdf5Dataset> stored) {
    int[] order = stored.size() == 12 ? LSTM : GRU;
    List<StoredVariable> variables = new ArrayList<>();
    for (int kind = 0; kind < 3; kind++) {
      List<Hdf5Dataset> gates = new ArrayList<>();
      for (int gate : order) {
        gates.add(stored.get(3 * gate + kind));
      }
      variables.add(new GateVariable(gates));
    }
    return variables;
  }

  @Override
  public int[] shape() {
    int[] shape = gates.get(0).shape();
    if (shape.length > 0) {
      long columns = (long) shape[shape.length - 1] * gates.size();
      shape[shape.length - 1] = (int) Math.min(columns, Integer.MAX_VALUE);
    }
    return shape;
  }

  @Override
  public String path() {
    return gates.get(0).path();
  }

  @Override
  public ElementType type() {
    return gates.get(0).type();
  }

  @Override
  public void floats(float[] target, int at) throws IOException {
    int[] shape = gates.get(0).shape();
    int units = shape[shape.length - 1];
    for (int gate = 0; gate < gates.size(); gate++) {
      Hdf5Dataset data = gates.get(gate);
      if (!Arrays.equals(data.shape(), shape)) {
        throw new FormatException(data.path() + ": expected the shape of " + path() + ", " + Arrays.toString(shape) + ", found "
            + Arrays.toString(data.shape()));
      }
      float[] stored = HeapRoom.floats(data.size(), data.path());
      data.floats(stored, 0);
      for (int row = 0; units > 0 && row < stored.length / units; row++) {
        System.arraycopy(stored, row * units, target, at + (row * gates.size() + gate) * units, units);
      }
    }
  }
}
