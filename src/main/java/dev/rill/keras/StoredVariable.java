package dev.rill.keras;

import dev.rill.io.ElementType;
import dev.rill.keras.hdf5.Hdf5Dataset;
import java.io.IOException;

/**
 * One variable of a layer as a file holds it. Mostly that is a data set as it stands; files of Keras 1 and of layers made for cuDNN
 * hold the same numbers in another arrangement.
 */
interface StoredVariable {
  /** The sizes of the axes, of the variable as Keras has it today. */
  int[] shape();

  /** Where it stands, for messages. */
  String path();

  /** What the elements are in the file. */
  ElementType type();

  /** Reads the elements, as Keras has them today, to where index {@code at} is. */
  void floats(float[] target, int at) throws IOException;

  /** A data set as it stands. */
  record Plain(Hdf5Dataset data) implements StoredVariable {
    @Override
    public int[] shape() {
      return data.shape();
    }

    @Override
    public String path() {
      return data.path();
    }

    @Override
    public ElementType type() {
      return data.type();
    }

    @Override
    public void floats(float[] target, int at) throws IOException {
      data.floats(target, at);
    }
  }
}
