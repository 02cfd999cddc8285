package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;

/**
 * How many elements there are.
 *
 * @param shape sizes of the axes, none for a scalar
 * @param maxima the sizes that the axes may grow to; {@link #UNLIMITED} for any
 * @param elements the product of the shape
 */
record Hdf5Dataspace(int[] shape, long[] maxima, int elements) {
  static final long UNLIMITED = -1;
  private static final int MAX_RANK = 32;
  private static final int WITH_MAXIMA = 1;
  private static final int NULL = 2;

  static Hdf5Dataspace read(Hdf5Cursor cursor) {
    int version = cursor.u8();
    int rank = cursor.u8();
    int flags = cursor.u8();
    if (version < 1 || version > 2 || rank > MAX_RANK || (flags & ~WITH_MAXIMA) != 0) {
      throw cursor.unsupported("version " + version + " of a data space, of " + rank + " axes with flags " + flags);
    }
    int kind = cursor.u8();
    cursor.skip(version == 1 ? 4 : 0);
    int[] shape = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      long size = cursor.size();
      if (size > HeapRoom.MAX_LENGTH) {
        throw cursor.bad("axis " + axis + " has " + size + " elements, at most " + HeapRoom.MAX_LENGTH + " are read");
      }
      shape[axis] = (int) size;
    }
    long[] maxima = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      maxima[axis] = (flags & WITH_MAXIMA) != 0 ? cursor.i64() : shape[axis];
      if (maxima[axis] != UNLIMITED && maxima[axis] < shape[axis]) {
        throw cursor.bad("axis " + axis + " has " + shape[axis] + " elements, more than its maximum of " + maxima[axis]);
      }
    }
    // The second version knows a space without elements, which has no axes either.
    boolean none = version == 2 && kind == NULL;
    if (none && rank > 0) {
      throw cursor.bad("a data space without elements has " + rank + " axes");
    }
    return new Hdf5Dataspace(shape, maxima, none ? 0 : HeapRoom.elements(shape, cursor.place()));
  }
}
