package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** The index of chunks before HDF5 1.10, which h5py writes by default: a B-tree (version 1) by the offsets of the chunks. */
final class Hdf5ChunkTree extends Hdf5ChunkIndex {
  private static final int NODE = 24;
  private static final int CHUNK_NODE = 1;

  private final Hdf5Bytes file;
  private final String path;
  private final long root;
  private final Hdf5ChunkGrid grid;

  Hdf5ChunkTree(Hdf5Bytes file, String path, long root, Hdf5ChunkGrid grid) {
    this.file = file;
    this.path = path;
    this.root = root;
    this.grid = grid;
  }

  @Override
  void each(Visitor visitor) throws IOException {
    if (root != Hdf5Cursor.UNDEFINED) {
      node(root, node(root).u8(), visitor, new HashSet<>());
    }
  }

  /** A node from its level on. */
  private Hdf5Cursor node(long address) throws IOException {
    Hdf5Cursor node = file.cursor(address, NODE, NODE, path).signature("TREE");
    int type = node.u8();
    if (type != CHUNK_NODE) {
      throw node.bad("expected a B-tree of type 1 (chunks), found " + type);
    }
    return node;
  }

  private void node(long address, int level, Visitor visitor, Set<Long> visited) throws IOException {
    if (!visited.add(address)) {
      throw file.bad(address, path, "this node of a B-tree of chunks has been read before: a cycle");
    }
    Hdf5Cursor node = node(address);
    int found = node.u8();
    if (found != level) {
      throw node.bad("expected a B-tree node of level " + level + ", found " + found);
    }
    int count = node.u16();
    // Each child has its key before it: size, mask, an offset on each axis and one inside the element.
    int entry = 8 + 8 * (grid.rank() + 1) + 8;
    Hdf5Cursor children = file.cursor(address + NODE, (long) entry * count, Integer.MAX_VALUE, path);
    for (int i = 0; i < count; i++) {
      long size = children.u32();
      int mask = (int) children.u32();
      long[] coordinates = new long[grid.rank()];
      for (int axis = 0; axis < coordinates.length; axis++) {
        long offset = children.size();
        if (offset % grid.chunk(axis) != 0) {
          throw children.bad("a chunk at " + offset + " on axis " + axis + ", where chunks have " + grid.chunk(axis));
        }
        coordinates[axis] = offset / grid.chunk(axis);
      }
      long child = children.skip(Long.BYTES).address();
      if (level > 0) {
        node(child, level - 1, visitor, visited);
      } else {
        visitor.take(coordinates, child, size, mask);
      }
    }
  }
}
