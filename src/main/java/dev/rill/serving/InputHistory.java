package dev.rill.serving;

import dev.rill.Session;
import dev.rill.tensor.Memory;
import dev.rill.tensor.StateException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The last inputs of each stream, to be read again with other weights. As bytes, little-endian: int inputs; int features; the floats,
 * oldest first.
 */
final class InputHistory {
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HEADER = 8;

  private final int most;
  private final int features;
  /** [row][most][features], written round and round; a row's array is made when the row is first used. */
  private final float[][] inputs;
  /** Inputs that each row has seen. */
  private final long[] seen;
  private final int[] rowOf = new int[1];
  private final float[] x;
  private final float[] y;

  InputHistory(int rows, int most, int features, int outputs) {
    this.most = most;
    this.features = features;
    inputs = new float[most == 0 ? 0 : rows][];
    seen = new long[inputs.length];
    x = Memory.floats((long) most * features, most + " inputs to keep");
    y = Memory.floats((long) most * outputs, most + " inputs to keep");
    Memory.check(HEADER / Float.BYTES + (long) x.length, most + " inputs as bytes");
  }

  int most() {
    return most;
  }

  int bytes() {
    return HEADER + 4 * most * features;
  }

  void clear(int row) {
    if (most > 0) {
      seen[row] = 0;
    }
  }

  /** What begins at zero has read nothing: a later replay is of the inputs since. */
  void clear() {
    Arrays.fill(seen, 0);
  }

  void add(int row, float[] from, int at) {
    if (most == 0) {
      return;
    }
    if (inputs[row] == null) {
      inputs[row] = new float[most * features];
    }
    System.arraycopy(from, at, inputs[row], (int) (seen[row]++ % most) * features, features);
  }

  /** Runs a session's row through what has been kept. */
  void replay(Session session, int row) {
    int kept = kept(row);
    if (kept > 0) {
      for (int i = 0; i < kept; i++) {
        System.arraycopy(inputs[row], slot(row, i, kept), x, i * features, features);
      }
      rowOf[0] = row;
      session.run(rowOf, 1, kept, x, y);
    }
  }

  private int kept(int row) {
    return most == 0 ? 0 : (int) Math.min(most, seen[row]);
  }

  /** Where the i-th of some kept inputs begins, the oldest first. */
  private int slot(int row, int i, int kept) {
    return (int) ((seen[row] - kept + i) % most) * features;
  }

  int save(int row, byte[] to, int at) {
    int kept = kept(row);
    INT.set(to, at, kept);
    INT.set(to, at + 4, features);
    int position = at + HEADER;
    for (int i = 0; i < kept; i++) {
      int from = slot(row, i, kept);
      for (int j = 0; j < features; j++, position += 4) {
        INT.set(to, position, Float.floatToIntBits(inputs[row][from + j]));
      }
    }
    return position;
  }

  /** Refuses inputs of another width; returns the position behind them. */
  int check(byte[] from, int at) {
    int kept = at + HEADER > from.length ? -1 : (int) INT.get(from, at);
    int width = kept < 0 ? 0 : (int) INT.get(from, at + 4);
    long end = at + HEADER + 4L * kept * width;
    if (kept < 0 || width != features || end > from.length) {
      throw new StateException("the bytes of a stream hold " + kept + " inputs of " + width + " features and end at " + from.length
          + ": expected " + features + " features");
    }
    return (int) end;
  }

  int load(int row, byte[] from, int at) {
    int kept = (int) INT.get(from, at);
    clear(row);
    for (int i = Math.max(0, kept - most); i < kept && most > 0; i++) {
      for (int j = 0; j < features; j++) {
        x[j] = Float.intBitsToFloat((int) INT.get(from, at + HEADER + 4 * (i * features + j)));
      }
      add(row, x, 0);
    }
    return at + HEADER + 4 * kept * features;
  }
}
