package dev.rill.keras.hdf5;

import java.io.IOException;

/** Where the chunks of a data set are. */
abstract class Hdf5ChunkIndex {
  private static final int SINGLE = 1;
  private static final int IMPLICIT = 2;
  private static final int FIXED_ARRAY = 3;
  private static final int EXTENSIBLE_ARRAY = 4;
  private static final int TREE = 5;
  /** A single chunk that went through filters. */
  private static final int FILTERED = 2;
  /** Chunks at the edges do not go through filters. */
  private static final int PLAIN_EDGES = 1;

  /** Told each chunk. */
  interface Visitor {
    /**
     * Takes a chunk.
     *
     * @param coordinates which chunk on each axis; the caller's own array
     * @param address where it begins
     * @param size its bytes in the file
     * @param mask a bit for each filter that it was spared
     */
    void take(long[] coordinates, long address, long size, int mask) throws IOException;
  }

  /** Goes through the chunks that have been written, and maybe some beyond the data set. */
  abstract void each(Visitor visitor) throws IOException;

  /**
   * Finds the index of the fourth version of a layout.
   *
   * @param layout behind the sizes of a chunk
   * @param flags of the layout
   * @param filtered whether chunks go through filters
   */
  static Hdf5ChunkIndex of(Hdf5Bytes file, String path, Hdf5Cursor layout, int flags, Hdf5ChunkGrid grid, boolean filtered)
      throws IOException {
    if ((flags & PLAIN_EDGES) != 0 && filtered) {
      throw layout.unsupported("chunks at the edges that are spared the filters");
    }
    int type = layout.u8();
    return switch (type) {
      case SINGLE -> single(layout, (flags & FILTERED) != 0, grid);
      case IMPLICIT -> implicit(layout, grid);
      case FIXED_ARRAY -> new Hdf5FixedArray(file, path, layout.skip(1).address(), grid, filtered);
      case EXTENSIBLE_ARRAY -> new Hdf5ExtensibleArray(file, path, layout.skip(5).address(), grid, filtered);
      case TREE -> tree(file, path, layout.skip(6).address(), grid, filtered);
      default -> throw layout.unsupported("an index of chunks of the type " + type);
    };
  }

  private static Hdf5ChunkIndex single(Hdf5Cursor layout, boolean filtered, Hdf5ChunkGrid grid) {
    long size = filtered ? layout.size() : grid.bytes();
    int mask = filtered ? (int) layout.u32() : 0;
    long address = layout.address();
    return new Hdf5ChunkIndex() {
      @Override
      void each(Visitor visitor) throws IOException {
        if (address != Hdf5Cursor.UNDEFINED) {
          visitor.take(new long[grid.rank()], address, size, mask);
        }
      }
    };
  }

  /** No index at all: the chunks stand one behind the other. */
  private static Hdf5ChunkIndex implicit(Hdf5Cursor layout, Hdf5ChunkGrid grid) {
    if (!grid.full()) {
      throw layout.unsupported("a data set that may grow, with chunks but without an index");
    }
    long address = layout.address();
    return new Hdf5ChunkIndex() {
      @Override
      void each(Visitor visitor) throws IOException {
        long[] coordinates = new long[grid.rank()];
        for (long number = 0; address != Hdf5Cursor.UNDEFINED && number < grid.chunks(); number++) {
          grid.locate(number, coordinates);
          visitor.take(coordinates, address + number * grid.bytes(), grid.bytes(), 0);
        }
      }
    };
  }

  private static Hdf5ChunkIndex tree(Hdf5Bytes file, String path, long address, Hdf5ChunkGrid grid, boolean filtered) {
    return new Hdf5ChunkIndex() {
      @Override
      void each(Visitor visitor) throws IOException {
        if (address == Hdf5Cursor.UNDEFINED) {
          return;
        }
        long[] coordinates = new long[grid.rank()];
        Hdf5BTree.each(file, address, filtered ? Hdf5BTree.FILTERED_CHUNKS : Hdf5BTree.CHUNKS, path, new Hdf5BTree.Records() {
          @Override
          public void take(Hdf5Cursor record) throws IOException {
            long at = record.address();
            int width = record.remaining() - Integer.BYTES - grid.rank() * Long.BYTES;
            long size = filtered ? record.size(width) : grid.bytes();
            int mask = filtered ? (int) record.u32() : 0;
            for (int axis = 0; axis < coordinates.length; axis++) {
              coordinates[axis] = record.size();
            }
            visitor.take(coordinates, at, size, mask);
          }
        });
      }
    };
  }
}
