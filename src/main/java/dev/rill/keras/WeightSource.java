package dev.rill.keras;

import dev.rill.io.ElementType;
import dev.rill.tensor.FormatException;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.Arrays;

/** Where a file keeps the variables of each layer. */
abstract class WeightSource {
  private final String place;

  /**
   * Weights in some file.
   *
   * @param place what messages call it
   */
  WeightSource(String place) {
    this.place = place;
  }

  /** Finds one variable. */
  abstract StoredVariable variable(Weights.Slice slice, int index) throws IOException;

  /** Holds the shape of every variable against what is stored, whose bytes are known to be there. */
  final void check(Weights weights) throws IOException {
    for (String layer : weights.layers()) {
      for (int i = 0; i < weights.slices(layer).size(); i++) {
        Weights.Slice slice = weights.slices(layer).get(i);
        StoredVariable data = variable(slice, i);
        if (!Arrays.equals(data.shape(), slice.shape().toArray())) {
          throw new FormatException("layer " + layer + ", " + slice.name() + ": the model expects shape " + slice.shape()
              + ", " + data.path() + " has " + Arrays.toString(data.shape()));
        }
      }
    }
  }

  /** Reads every variable into its place. Numbers of another type than float32 become that, which is said once. */
  final void read(Weights weights) throws IOException {
    ElementType other = ElementType.FLOAT32;
    for (String layer : weights.layers()) {
      for (int i = 0; i < weights.slices(layer).size(); i++) {
        Weights.Slice slice = weights.slices(layer).get(i);
        StoredVariable data = variable(slice, i);
        data.floats(weights.values(), slice.at());
        // A scalar is a count, which is an integer.
        other = data.type() == ElementType.FLOAT32 || slice.shape().rank() == 0 ? other : data.type();
      }
    }
    if (other != ElementType.FLOAT32) {
      boolean exact = other.bytes() < Float.BYTES;
      System.getLogger("dev.rill").log(System.Logger.Level.INFO, place + " holds weights as " + other + ": they have been "
          + (exact ? "widened" : "rounded") + " to FLOAT32");
    }
  }
}
