package dev.rill.engine;

import dev.rill.kernels.Planes;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One row of a state as bytes, for stores that keep one value a key: nothing is allocated on the way there or back.
 *
 * <p>Bytes, little-endian: int structure fingerprint ({@link State#structureFingerprint}); int weights fingerprint; the floats of
 * each plane in order, unpadded, NaN as 0x7fc00000. There is no check sum: stores have their own.
 */
final class RowLayout {
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WEIGHTS = 4;
  private static final int FLOATS = 8;

  private final List<State.Plane> structure;
  private final int fingerprint;
  private final int bytes;

  RowLayout(List<State.Plane> structure) {
    this.structure = structure;
    fingerprint = State.structureFingerprint(structure);
    bytes = bytes(structure);
  }

  static int bytes(List<State.Plane> structure) {
    long bytes = FLOATS;
    for (int p = 0; p < structure.size(); p++) {
      bytes += 4L * structure.get(p).units();
    }
    return Math.toIntExact(bytes);
  }

  /** Writes a row; returns the position behind it. */
  int put(Planes planes, int row, int weights, byte[] to, int at) {
    checkRoom(bytes, to, at);
    INT.set(to, at, fingerprint);
    INT.set(to, at + WEIGHTS, weights);
    int position = at + FLOATS;
    for (int p = 0; p < structure.size(); p++) {
      float[] plane = planes.data(p);
      int from = row * planes.stride(p);
      int units = structure.get(p).units();
      for (int j = 0; j < units; j++) {
        INT.set(to, position + 4 * j, Float.floatToIntBits(plane[from + j]));
      }
      position += 4 * units;
    }
    return position;
  }

  /** Reads a row that {@link #check} has seen; returns the position behind it. */
  int get(Planes planes, int row, byte[] from, int at) {
    int position = at + FLOATS;
    for (int p = 0; p < structure.size(); p++) {
      float[] plane = planes.data(p);
      int to = row * planes.stride(p);
      int units = structure.get(p).units();
      for (int j = 0; j < units; j++) {
        plane[to + j] = Float.intBitsToFloat((int) INT.get(from, position + 4 * j));
      }
      position += 4 * units;
    }
    return position;
  }

  /** Refuses bytes that hold no row of this structure. */
  void check(byte[] from, int at) {
    checkRoom(FLOATS, from, at);
    int stored = (int) INT.get(from, at);
    if (stored != fingerprint) {
      throw new StateException("the row has another structure: its fingerprint is " + Integer.toHexString(stored) + ", expected "
          + Integer.toHexString(fingerprint) + " of " + structure);
    }
    checkRoom(bytes, from, at);
  }

  /** Fingerprint of the weights that a checked row was made with. */
  int weights(byte[] from, int at) {
    return (int) INT.get(from, at + WEIGHTS);
  }

  private static void checkRoom(int needed, byte[] array, int at) {
    if (needed > Require.given(array, "the bytes of a row").length - Math.max(0L, at) || at < 0) {
      throw new ShapeException("a row takes " + needed + " bytes from " + at + " on, the array has " + array.length);
    }
  }
}
