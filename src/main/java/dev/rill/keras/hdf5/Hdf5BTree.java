package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** A B-tree of version 2: records of one size in nodes of one size. It is gone through from its first record to its last. */
final class Hdf5BTree {
  /** The kinds of records that are read. */
  static final int HUGE_OBJECTS = 1;
  static final int LINKS_BY_NAME = 5;
  static final int ATTRIBUTES_BY_NAME = 8;
  static final int CHUNKS = 10;
  static final int FILTERED_CHUNKS = 11;
  private static final int HEADER = 38;
  /** Signature, version and type before the records of a node, the check sum behind them. */
  private static final int NODE = 10;
  private static final int MAX_NODE = 1 << 20;
  /** Every level has at least twice as many records as the one above. */
  private static final int MAX_DEPTH = 40;

  /** Told each record, from its beginning. */
  interface Records {
    void take(Hdf5Cursor record) throws IOException;
  }

  private final Hdf5Bytes file;
  private final String path;
  private final int type;
  private final Records records;
  private final int nodeSize;
  private final int recordSize;
  /** Bytes of the number of records in a node. */
  private final int countWidth;
  /** Bytes of the number of records in and below a node, for each level from the leaves up; leaves have none below. */
  private final int[] totalWidth;
  private final Set<Long> visited = new HashSet<>();

  private Hdf5BTree(Hdf5Bytes file, String path, int type, Records records, int nodeSize, int recordSize, int depth) {
    this.file = file;
    this.path = path;
    this.type = type;
    this.records = records;
    this.nodeSize = nodeSize;
    this.recordSize = recordSize;
    long most = (nodeSize - NODE) / recordSize;
    countWidth = width(most);
    totalWidth = new int[depth + 1];
    long all = most;
    for (int level = 1; level <= depth; level++) {
      int pointer = Long.BYTES + countWidth + totalWidth[level - 1];
      most = Math.max(0, (nodeSize - NODE - pointer) / (recordSize + pointer));
      // No file has as many; the bytes of the number are at their most then.
      all = all > 1L << 40 ? Long.MAX_VALUE : (most + 1) * all + most;
      totalWidth[level] = width(all);
    }
  }

  /** The bytes that the format has for numbers up to a limit. */
  private static int width(long limit) {
    return (63 - Long.numberOfLeadingZeros(Math.max(1, limit))) / 8 + 1;
  }

  /**
   * Goes through a tree.
   *
   * @param address of its header
   * @param type of its records, which must be the expected one
   * @param records told each of them in order
   */
  static void each(Hdf5Bytes file, long address, int type, String path, Records records) throws IOException {
    Hdf5Cursor header = file.checked(address, HEADER, HEADER, path).signature("BTHD").version(0, "B-tree");
    int found = header.u8();
    if (found != type) {
      throw header.bad("expected a B-tree of type " + type + ", found " + found);
    }
    long nodeSize = header.u32();
    int recordSize = header.u16();
    int depth = header.u16();
    header.skip(2);
    long root = header.address();
    int count = header.u16();
    if (nodeSize < NODE || nodeSize > MAX_NODE || recordSize == 0 || depth > MAX_DEPTH) {
      throw header.bad("a B-tree with nodes of " + nodeSize + " bytes, records of " + recordSize + " and " + depth
          + " levels below the root");
    }
    if (root != Hdf5Cursor.UNDEFINED) {
      new Hdf5BTree(file, path, type, records, (int) nodeSize, recordSize, depth).node(root, count, depth);
    }
  }

  private void node(long address, int count, int level) throws IOException {
    if (!visited.add(address)) {
      throw file.bad(address, path, "this node of a B-tree has been read before: a cycle");
    }
    int pointer = level == 0 ? 0 : Long.BYTES + countWidth + totalWidth[level - 1];
    long length = NODE + (long) count * recordSize + (count + 1L) * pointer;
    if (length > nodeSize) {
      throw file.bad(address, path, count + " records of " + recordSize + " bytes do not fit into a B-tree node of " + nodeSize);
    }
    Hdf5Cursor node = file.checked(address, length, nodeSize, path).signature(level == 0 ? "BTLF" : "BTIN");
    int found = node.version(0, "B-tree node").u8();
    if (found != type) {
      throw node.bad("expected a B-tree node of type " + type + ", found " + found);
    }
    Hdf5Cursor own = node.part(count * recordSize);
    for (int i = 0; i <= count; i++) {
      if (level > 0) {
        long child = node.address();
        long below = node.size(countWidth);
        node.skip(totalWidth[level - 1]);
        node(child, (int) Math.min(below, Integer.MAX_VALUE), level - 1);
      }
      if (i < count) {
        records.take(own.part(recordSize));
      }
    }
  }
}
