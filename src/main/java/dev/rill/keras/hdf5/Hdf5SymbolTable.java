package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** A group of the old style: a B-tree (version 1) whose leaves name symbol nodes, and a local heap with the names. */
final class Hdf5SymbolTable {
  private static final int HEAP = 32;
  private static final int MAX_HEAP = 16 << 20;
  private static final int NODE = 24;
  private static final int GROUP_NODE = 0;
  private static final int SYMBOLS = 8;
  private static final int SYMBOL = 40;
  private static final int SOFT_LINK = 2;

  private final Hdf5Bytes file;
  private final String path;
  private final byte[] names;
  private final Hdf5Members members;
  private final Set<Long> visited = new HashSet<>();
  private long nameBytes;

  private Hdf5SymbolTable(Hdf5Bytes file, String path, byte[] names, Hdf5Members members) {
    this.file = file;
    this.path = path;
    this.names = names;
    this.members = members;
  }

  /**
   * Reads all members, in the order of the tree, which is that of the names.
   *
   * @param message the group's symbol table message
   */
  static void read(Hdf5Bytes file, Hdf5Cursor message, String path, Hdf5Members members) throws IOException {
    long tree = message.address();
    Hdf5Cursor heap = file.cursor(message.address(), HEAP, HEAP, path).signature("HEAP");
    long size = heap.version(0, "local heap").skip(3).size();
    long data = heap.skip(Long.BYTES).address();
    byte[] names = file.cursor(data, size, MAX_HEAP, path).bytes((int) size);
    new Hdf5SymbolTable(file, path, names, members).root(tree);
  }

  private void root(long address) throws IOException {
    tree(address, node(address).u8());
  }

  /** A node from its level on. */
  private Hdf5Cursor node(long address) throws IOException {
    Hdf5Cursor node = file.cursor(address, NODE, NODE, path).signature("TREE");
    int type = node.u8();
    if (type != GROUP_NODE) {
      throw node.bad("expected a B-tree of type 0 (group members), found " + type);
    }
    return node;
  }

  private void tree(long address, int level) throws IOException {
    visit(address);
    Hdf5Cursor node = node(address);
    int found = node.u8();
    if (found != level) {
      throw node.bad("expected a B-tree node of level " + level + ", found " + found);
    }
    int count = node.u16();
    Hdf5Cursor children = file.cursor(address + NODE, 16L * count, Integer.MAX_VALUE, path);
    for (int i = 0; i < count; i++) {
      long child = children.skip(Long.BYTES).address();
      if (level > 0) {
        tree(child, level - 1);
      } else {
        symbols(child);
      }
    }
  }

  private void symbols(long address) throws IOException {
    visit(address);
    int count = file.cursor(address, SYMBOLS, SYMBOLS, path).signature("SNOD").version(1, "symbol node").skip(1).u16();
    Hdf5Cursor symbols = file.cursor(address + SYMBOLS, (long) SYMBOL * count, Integer.MAX_VALUE, path);
    for (int i = 0; i < count; i++) {
      String name = name(symbols);
      long header = symbols.address();
      boolean soft = symbols.u32() == SOFT_LINK;
      symbols.skip(4 + 16);
      if (soft) {
        members.addLink(name, symbols);
      } else {
        members.add(name, header, symbols);
      }
    }
  }

  private String name(Hdf5Cursor symbols) {
    long offset = symbols.size();
    int end = (int) Math.min(offset, names.length);
    while (end < names.length && names[end] != 0) {
      end++;
    }
    int length = (int) (end - offset);
    // Names lie side by side in the heap; overlapping ones could make a small file fill the memory.
    nameBytes += length + 1;
    if (end == names.length || length == 0 || nameBytes > names.length) {
      throw symbols.bad("expected a name at " + offset + " of a local heap of " + names.length + " bytes");
    }
    return symbols.text(names, (int) offset, length);
  }

  private void visit(long address) {
    if (!visited.add(address)) {
      throw file.bad(address, path, "this node of the group's B-tree has been read before: a cycle");
    }
  }
}
