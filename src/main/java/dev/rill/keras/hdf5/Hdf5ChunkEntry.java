package dev.rill.keras.hdf5;

import java.io.IOException;

/** An element of an index of chunks that is an array: an address, and size and mask where chunks go through filters. */
final class Hdf5ChunkEntry {
  private final Hdf5ChunkGrid grid;
  private final boolean filtered;
  private final long[] coordinates;
  private int size;

  Hdf5ChunkEntry(Hdf5ChunkGrid grid, boolean filtered) {
    this.grid = grid;
    this.filtered = filtered;
    coordinates = new long[grid.rank()];
  }

  /** Reads the size of an element, which the header of the array says. */
  int size(Hdf5Cursor header) {
    size = header.u8();
    if (filtered ? size <= Long.BYTES + Integer.BYTES || size > 2 * Long.BYTES + Integer.BYTES : size != Long.BYTES) {
      throw header.bad("an index of chunks with elements of " + size + " bytes");
    }
    return size;
  }

  /** Goes through elements; those without an address belong to chunks that have never been written. */
  void each(Hdf5Cursor elements, long first, long count, Hdf5ChunkIndex.Visitor visitor) throws IOException {
    for (long i = first; i < first + count; i++) {
      long address = elements.address();
      long bytes = filtered ? elements.size(size - Long.BYTES - Integer.BYTES) : grid.bytes();
      int mask = filtered ? (int) elements.u32() : 0;
      if (address != Hdf5Cursor.UNDEFINED) {
        grid.locate(i, coordinates);
        visitor.take(coordinates, address, bytes, mask);
      }
    }
  }
}
