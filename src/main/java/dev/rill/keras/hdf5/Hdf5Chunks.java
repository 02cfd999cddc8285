package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.BitSet;

/** Elements in chunks, each of which may have gone through filters. */
final class Hdf5Chunks extends Hdf5Storage {
  private final Hdf5Bytes file;
  private final String path;
  private final Hdf5Datatype type;
  private final Hdf5ChunkGrid grid;
  private final Hdf5Filters filters;
  private final Hdf5ChunkIndex index;

  /**
   * Finds all chunks.
   *
   * @param layout behind its version and kind
   */
  Hdf5Chunks(Hdf5Bytes file, Hdf5Header header, Hdf5Cursor layout, int version, Hdf5Dataspace space, Hdf5Datatype type)
      throws IOException {
    this.file = file;
    this.path = header.path();
    this.type = type;
    filters = Hdf5Filters.read(header);
    if (version == 3) {
      int rank = layout.u8();
      long root = layout.address();
      grid = new Hdf5ChunkGrid(layout, rank, Integer.BYTES, space, type);
      index = new Hdf5ChunkTree(file, path, root, grid);
    } else {
      int flags = layout.u8();
      int rank = layout.u8();
      int width = layout.u8();
      grid = new Hdf5ChunkGrid(layout, rank, width, space, type);
      index = Hdf5ChunkIndex.of(file, path, layout, flags, grid, !filters.none());
    }
    check(layout);
  }

  /** Each chunk is there once and can hold what it should: no small file becomes a large array. */
  private void check(Hdf5Cursor layout) throws IOException {
    if (grid.chunks() > file.size()) {
      throw layout.bad(grid.chunks() + " chunks in a file of " + file.size() + " bytes");
    }
    BitSet found = new BitSet();
    if (grid.chunks() > 0) {
      index.each(new Hdf5ChunkIndex.Visitor() {
        @Override
        public void take(long[] coordinates, long address, long size, int mask) {
          int number = grid.number(coordinates);
          if (number < 0) {
            return;
          }
          file.require(address, size, path);
          if (!filters.canBe(size, mask, grid.bytes())) {
            throw file.bad(address, path, size + " bytes cannot be a chunk of " + grid.bytes());
          }
          if (found.get(number)) {
            throw file.bad(address, path, "a chunk stands twice in its data set");
          }
          found.set(number);
        }
      });
    }
    if (found.cardinality() < grid.chunks()) {
      throw layout.bad((found.isEmpty() ? "the data set" : "a part of the data set") + " has never been written");
    }
  }

  @Override
  void read(Target target) throws IOException {
    if (grid.chunks() == 0) {
      return;
    }
    index.each(new Hdf5ChunkIndex.Visitor() {
      @Override
      public void take(long[] coordinates, long address, long size, int mask) throws IOException {
        if (grid.number(coordinates) >= 0) {
          grid.copy(coordinates, filters.undo(file, path, address, size, mask, grid.bytes(), type), target);
        }
      }
    });
  }
}
