package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;

/**
 * How many elements there are.
 *
 * @param shape sizes of the axes, none for a scalar
 * @param elements their product
 */
record Hdf5Dataspace(int[] shape, int elements) {
  private static final int MAX_RANK = 32;
  private static final int WITH_MAXIMA = 1;

  static Hdf5Dataspace read(Hdf5Cursor cursor) {
    int rank = cursor.version(1, "data space").u8();
    int flags = cursor.u8();
    if (rank > MAX_RANK || (flags & ~WITH_MAXIMA) != 0) {
      throw cursor.unsupported("a data space of " + rank + " axes with flags " + flags);
    }
    cursor.skip(5);
    int[] shape = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      long size = cursor.size();
      if (size > HeapRoom.MAX_LENGTH) {
        throw cursor.bad("axis " + axis + " has " + size + " elements, at most " + HeapRoom.MAX_LENGTH + " are read");
      }
      shape[axis] = (int) size;
    }
    return new Hdf5Dataspace(shape, HeapRoom.elements(shape, cursor.place()));
  }
}
