package dev.rill.fuzz;

import dev.rill.io.ByteSource;
import dev.rill.keras.hdf5.Hdf5Attributes;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5File;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;

/** Trees of groups, data sets and attributes in every way of storing them; numbers of the format replaced, check sums right. */
public final class Hdf5Fuzzer {
  private Hdf5Fuzzer() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    byte[] file = Hdf5Draft.write(Hdf5Node.random(choices, 3), choices);
    Bounds.hold(file.length, () -> walk(Hdf5File.open(ByteSource.of(file), "fuzz.h5").root()));
  }

  static void walk(Hdf5Group group) throws IOException {
    attributes(group.attributes());
    for (String name : group.names()) {
      try {
        if (group.isGroup(name)) {
          walk(group.group(name));
        } else {
          data(group.dataset(name));
        }
      } catch (UnsupportedException e) {
        // The others are still worth a look.
        continue;
      }
    }
  }

  private static void data(Hdf5Dataset dataset) throws IOException {
    attributes(dataset.attributes());
    // What is right in shape and place may still be far larger than a fuzzer's file.
    if (dataset.size() > 1 << 20) {
      return;
    }
    if (dataset.type().floating()) {
      dataset.floats(new float[dataset.size()], 0);
    } else {
      dataset.longs();
    }
  }

  private static void attributes(Hdf5Attributes attributes) throws IOException {
    for (String name : attributes.names()) {
      try {
        attributes.strings(name);
      } catch (UnsupportedException e) {
        continue;
      }
    }
  }
}
