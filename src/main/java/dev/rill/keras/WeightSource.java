package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.tensor.FormatException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.Arrays;

/** Where a file keeps the variables of each layer. */
abstract class WeightSource {
  /** Finds one variable. */
  abstract Hdf5Dataset dataset(Weights.Slice slice, int index) throws IOException;

  /** Holds the shape of every variable against its data set, whose bytes are known to be there. */
  final void check(Weights weights) throws IOException {
    for (String layer : weights.layers()) {
      for (int i = 0; i < weights.slices(layer).size(); i++) {
        Weights.Slice slice = weights.slices(layer).get(i);
        Hdf5Dataset data = dataset(slice, i);
        if (!Arrays.equals(data.shape(), slice.shape().toArray())) {
          throw new FormatException("layer " + layer + ", " + slice.name() + ": the model expects shape " + slice.shape()
              + ", " + data.path() + " has " + Arrays.toString(data.shape()));
        }
      }
    }
  }

  /** Reads every variable into its place. */
  final void read(Weights weights) throws IOException {
    for (String layer : weights.layers()) {
      for (int i = 0; i < weights.slices(layer).size(); i++) {
        Weights.Slice slice = weights.slices(layer).get(i);
        dataset(slice, i).floats(weights.values(), slice.at());
      }
    }
  }
}
