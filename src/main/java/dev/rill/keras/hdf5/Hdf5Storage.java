package dev.rill.keras.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where the elements of a data set lie. */
abstract class Hdf5Storage {
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;
  private static final int CHUNKED = 2;
  private static final int VIRTUAL = 3;

  /** Told elements as they are found: all of them, in runs that are one behind the other in memory. */
  interface Target {
    /**
     * Takes a run.
     *
     * @param elements from the position on, in their own order of bytes
     * @param at index of the first one in row-major order
     * @param count how many
     */
    void take(ByteBuffer elements, int at, int count);
  }

  /** Reads every element once. */
  abstract void read(Target target) throws IOException;

  /** Finds the elements of a data set; all of them are known to be there then. */
  static Hdf5Storage of(Hdf5Bytes file, Hdf5Header header, Hdf5Dataspace space, Hdf5Datatype type) throws IOException {
    Hdf5Cursor layout = header.only(Hdf5Header.LAYOUT, "layout, which makes a data set");
    int version = layout.u8();
    if (version < 3 || version > 4) {
      throw layout.unsupported("version " + version + " of a layout");
    }
    int kind = layout.u8();
    if (kind == CHUNKED) {
      return new Hdf5Chunks(file, header, layout, version, space, type);
    }
    if (kind == VIRTUAL) {
      throw layout.unsupported("a virtual data set");
    }
    if (kind != COMPACT && kind != CONTIGUOUS) {
      throw layout.bad("a data set of the unknown layout " + kind);
    }
    long address = kind == CONTIGUOUS ? layout.address() : 0;
    long bytes = kind == CONTIGUOUS ? layout.size() : layout.u16();
    long start = kind == CONTIGUOUS ? address : layout.at();
    long expected = (long) space.elements() * type.size();
    // What has no elements needs no place either, whatever size is given for it.
    if (expected > 0) {
      if (bytes != expected) {
        throw layout.bad("the shape " + Arrays.toString(space.shape()) + " of elements of " + type.size() + " bytes takes "
            + expected + " bytes, but the data set has " + bytes);
      }
      if (start == Hdf5Cursor.UNDEFINED) {
        throw layout.bad("the data set has never been written");
      }
      file.require(start, expected, header.path());
    }
    return new Hdf5Contiguous(file, header.path(), start, space.elements(), type);
  }
}
