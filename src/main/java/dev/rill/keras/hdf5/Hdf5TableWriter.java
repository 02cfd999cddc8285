package dev.rill.keras.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the members of a group: a local heap with their names, symbol nodes, and the B-tree (version 1) above them. */
final class Hdf5TableWriter {
  /** Half of what a symbol node holds, as the superblock says. */
  static final int LEAF_K = 4;
  /** Half of what a node of the tree holds, as the superblock says. */
  static final int INTERNAL_K = 16;
  private static final byte[] HEAP = "HEAP".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SYMBOLS = "SNOD".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TREE = "TREE".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAP_HEADER = 32;
  private static final int SYMBOL = 40;
  private static final int NODE = 24 + 2 * INTERNAL_K * 8 + (2 * INTERNAL_K + 1) * 8;
  /** What a local heap's list of free pieces begins with when there is none. */
  private static final long NO_FREE_PIECE = 1;

  private final Hdf5Block block;

  Hdf5TableWriter(Hdf5Block block) {
    this.block = block;
  }

  /**
   * The members of a group.
   *
   * @param tree address of the B-tree
   * @param heap address of the names
   */
  record Table(long tree, long heap) {}

  /**
   * A member.
   *
   * @param name in UTF-8
   * @param header address of its header
   * @param table its own members, null for a data set
   */
  record Member(byte[] name, long header, Table table) {}

  /** A symbol node or a node of the tree, and the place of the last name below it. */
  private record Child(long address, long last) {}

  /** Writes all members, which are in the order of their names' bytes. */
  Table write(List<Member> members) {
    int[] names = new int[members.size()];
    // The heap begins with the empty name, which stands left of all others in the tree.
    int size = 8;
    for (int i = 0; i < names.length; i++) {
      names[i] = size;
      size += members.get(i).name.length + 8 & -8;
    }
    long heap = block.align().at();
    block.text(HEAP).u32(0).u64(size).u64(NO_FREE_PIECE).u64(heap + HEAP_HEADER).zeros(8);
    for (Member member : members) {
      block.text(member.name).zeros(1).align();
    }
    List<Child> level = new ArrayList<>();
    for (int from = 0; from < names.length; from += 2 * LEAF_K) {
      level.add(symbols(members, names, from, Math.min(names.length, from + 2 * LEAF_K)));
    }
    int height = 0;
    do {
      level = nodes(level, height++);
    } while (level.size() > 1);
    return new Table(level.get(0).address, heap);
  }

  private Child symbols(List<Member> members, int[] names, int from, int to) {
    long address = block.at();
    block.text(SYMBOLS).u8(1, 0).u16(to - from);
    for (int i = from; i < to; i++) {
      Member member = members.get(i);
      block.u64(names[i]).u64(member.header);
      // A group's symbol repeats where its members are.
      if (member.table == null) {
        block.zeros(24);
      } else {
        block.u32(1).u32(0).u64(member.table.tree).u64(member.table.heap);
      }
    }
    block.zeros((2 * LEAF_K - (to - from)) * SYMBOL);
    return new Child(address, names[to - 1]);
  }

  /** One level of the tree over the one below; at least one node. */
  private List<Child> nodes(List<Child> below, int height) {
    List<Child> nodes = new ArrayList<>();
    long left = 0;
    int from = 0;
    do {
      int to = Math.min(below.size(), from + 2 * INTERNAL_K);
      long address = block.at();
      block.text(TREE).u8(0, height).u16(to - from);
      block.u64(from == 0 ? Hdf5Cursor.UNDEFINED : address - NODE);
      block.u64(to == below.size() ? Hdf5Cursor.UNDEFINED : address + NODE);
      // A key is the last name of the child before it.
      block.u64(left);
      for (int i = from; i < to; i++) {
        left = below.get(i).last;
        block.u64(below.get(i).address).u64(left);
      }
      block.zeros((int) (address + NODE - block.at()));
      nodes.add(new Child(address, left));
      from = to;
    } while (from < below.size());
    return nodes;
  }
}
