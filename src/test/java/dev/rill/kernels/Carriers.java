package dev.rill.kernels;

import java.util.ArrayList;
import java.util.List;

/** The carriers of this JVM: the scalar one, and the SIMD one where it may run. */
final class Carriers {
  static final Carrier SCALAR = new ScalarCarrier();
  static final Carrier VECTOR = Choice.SIMD ? Choice.vectorCarrier(Packing.FLOAT32) : null;

  private Carriers() {}

  static List<Carrier> all() {
    List<Carrier> all = new ArrayList<>(List.of(SCALAR));
    if (VECTOR != null) {
      all.add(VECTOR);
    }
    return all;
  }

  /** The same for panels of one packing. */
  static List<Carrier> all(Packing packing) {
    List<Carrier> all = new ArrayList<>(List.of(Choice.scalarCarrier(packing)));
    if (Choice.SIMD) {
      all.add(Choice.vectorCarrier(packing));
    }
    return all;
  }

  static Rows rows(float[] data, int at, int stride) {
    return new Rows().set(data, at, stride);
  }
}
