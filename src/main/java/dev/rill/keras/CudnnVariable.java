package dev.rill.keras;

import dev.rill.io.ElementType;
import dev.rill.io.HeapRoom;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.List;

/**
 * A variable as Keras 2 keeps those of CuDNNLSTM and CuDNNGRU: what {@code _convert_rnn_weights} of Keras turns into one of LSTM or of
 * GRU with {@code reset_after}. Gates stand in the same order. A gate's kernel lies there as the matrix (units, inputs) in the place
 * of one of (inputs, units), its recurrent kernel is transposed; the bias has two parts one behind the other, for the input and for
 * the state, which an LSTM adds up.
 *
 * <p>Which of the two a file holds the bias says, whatever the layer is called: it is twice as long as that of an LSTM, or has one
 * axis where that of a GRU has two.
 *
 * @param data as it lies there
 * @param shape as expected today
 * @param gates 4 of an LSTM, 3 of a GRU
 * @param bias whether it is the bias
 */
record CudnnVariable(Hdf5Dataset data, int[] shape, int gates, boolean bias) implements StoredVariable {
  /**
   * How many gates the variables of a layer have, if they are in this arrangement.
   *
   * @param slices kernel, recurrent kernel, bias of a layer as expected
   * @param stored as many data sets
   * @return 0 if they are in no such arrangement
   */
  static int gates(List<Weights.Slice> slices, List<Hdf5Dataset> stored) {
    if (slices.size() != 3 || !slices.get(1).name().equals("recurrent_kernel") || !slices.get(2).name().equals("bias")) {
      return 0;
    }
    int[] recurrent = slices.get(1).shape().toArray();
    int[] expected = slices.get(2).shape().toArray();
    int[] bias = stored.get(2).shape();
    int gates = recurrent[1] / recurrent[0];
    boolean both = bias.length == 1 && bias[0] == 2L * recurrent[1];
    return both && (expected.length == 2 || gates == 4) ? gates : 0;
  }

  /** Whether it is the sum of two that are stored. */
  boolean isSum() {
    return bias && shape.length == 1;
  }

  @Override
  public String path() {
    return data.path();
  }

  @Override
  public ElementType type() {
    return data.type();
  }

  /** A kernel has the same shape today; a bias has been seen to be one that has another. */
  @Override
  public int[] shape() {
    return bias ? shape.clone() : data.shape();
  }

  @Override
  public void floats(float[] target, int at) throws IOException {
    float[] stored = HeapRoom.floats(data.size(), data.path());
    data.floats(stored, 0);
    if (bias) {
      bias(stored, target, at);
    } else {
      matrix(stored, target, at);
    }
  }

  private void bias(float[] stored, float[] target, int at) {
    int size = shape.length == 2 ? stored.length : stored.length / 2;
    for (int j = 0; j < size; j++) {
      target[at + j] = size == stored.length ? stored[j] : stored[j] + stored[size + j];
    }
  }

  /** Numbers of a gate in the order in which they lie there are a matrix with as many rows as there are units. */
  private void matrix(float[] stored, float[] target, int at) {
    int columns = data.shape()[1];
    int rows = columns == 0 ? 0 : stored.length / columns;
    int units = columns / gates;
    for (int gate = 0; gate < gates; gate++) {
      for (int row = 0; row < rows; row++) {
        for (int unit = 0; unit < units; unit++) {
          int place = unit * rows + row;
          target[at + row * columns + gate * units + unit] = stored[place / units * columns + gate * units + place % units];
        }
      }
    }
  }
}
