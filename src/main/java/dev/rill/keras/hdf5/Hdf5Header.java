package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The header of an object (version 1 or 2): its messages, those of continuation blocks included, in their order. */
final class Hdf5Header {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int LINK = 0x06;
  static final int LAYOUT = 0x08;
  static final int FILTERS = 0x0b;
  static final int ATTRIBUTE = 0x0c;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;
  private static final int CONTINUATION = 0x10;
  private static final int PREFIX = 16;
  private static final int SHARED = 2;
  private static final int MAX_BLOCK = 1 << 20;
  private static final int MAX_TOTAL = 1 << 22;
  /** Flags of a header of version 2: which parts its prefix has. */
  private static final int WITH_CREATION_ORDER = 0x04;
  private static final int WITH_PHASES = 0x10;
  private static final int WITH_TIMES = 0x20;
  private static final String SIGNATURE = "OHDR";
  private static final String MORE_SIGNATURE = "OCHK";

  private final Hdf5Bytes file;
  private final String path;
  private final long address;
  private final List<Message> messages = new ArrayList<>();
  private final List<Block> more = new ArrayList<>();
  private final Set<Long> visited = new HashSet<>();
  private long total;

  private record Message(int type, Hdf5Cursor content) {}

  private record Block(long address, long length) {}

  private Hdf5Header(Hdf5Bytes file, long address, String path) throws IOException {
    this.file = file;
    this.path = path;
    this.address = address;
    if (file.cursor(address, SIGNATURE.length(), SIGNATURE.length(), path).startsWith(SIGNATURE)) {
      second();
    } else {
      first();
    }
  }

  static Hdf5Header read(Hdf5Bytes file, long address, String path) throws IOException {
    return new Hdf5Header(file, address, path);
  }

  String path() {
    return path;
  }

  boolean has(int type) {
    for (Message message : messages) {
      if (message.type == type) {
        return true;
      }
    }
    return false;
  }

  /** Whether this is a group, of the old style or the new one. */
  boolean isGroup() {
    return has(SYMBOL_TABLE) || has(LINK_INFO) || has(LINK);
  }

  /** The content of the only message of a type. */
  Hdf5Cursor only(int type, String name) {
    List<Hdf5Cursor> contents = all(type);
    if (contents.size() != 1) {
      throw file.bad(address, path, "expected one " + name + ", found " + contents.size());
    }
    return contents.get(0);
  }

  /** The contents of all messages of a type, each to be read from its beginning. */
  List<Hdf5Cursor> all(int type) {
    List<Hdf5Cursor> contents = new ArrayList<>();
    for (Message message : messages) {
      if (message.type == type) {
        contents.add(message.content.copy());
      }
    }
    return contents;
  }

  /** Version 1: a count of messages, each at a multiple of eight bytes. */
  private void first() throws IOException {
    Hdf5Cursor prefix = file.cursor(address, PREFIX, PREFIX, path).version(1, "object header").skip(1);
    int left = prefix.u16();
    prefix.skip(4);
    more.add(new Block(address + PREFIX, prefix.u32()));
    for (int i = 0; i < more.size(); i++) {
      Block block = more.get(i);
      visit(block);
      for (Hdf5Cursor cursor = file.cursor(block.address, block.length, MAX_BLOCK, path); cursor.remaining() > 0; left--) {
        if (left == 0) {
          throw cursor.bad("the object header has more messages than it says");
        }
        int type = cursor.u16();
        int length = cursor.u16();
        int flags = cursor.u8();
        message(type, flags, cursor.skip(3).part(length));
      }
    }
    if (left != 0) {
      throw file.bad(address, path, "the object header ends " + left + " messages too early");
    }
  }

  /** Version 2: blocks with signatures and check sums, and messages without gaps. */
  private void second() throws IOException {
    Hdf5Cursor prefix = file.cursor(address, 6, 6, path).signature(SIGNATURE).version(2, "object header");
    int flags = prefix.u8();
    int width = 1 << (flags & 3);
    int start = 6 + ((flags & WITH_TIMES) != 0 ? 16 : 0) + ((flags & WITH_PHASES) != 0 ? 4 : 0);
    long length = file.cursor(address + start, width, Long.BYTES, path).size(width);
    Block whole = new Block(address, Math.min(length, MAX_TOTAL) + start + width + Integer.BYTES);
    visit(whole);
    messages(file.checked(whole.address, whole.length, MAX_BLOCK, path).skip(start + width), flags);
    for (int i = 0; i < more.size(); i++) {
      visit(more.get(i));
      messages(file.checked(more.get(i).address, more.get(i).length, MAX_BLOCK, path).signature(MORE_SIGNATURE), flags);
    }
  }

  private void messages(Hdf5Cursor cursor, int flags) {
    int head = (flags & WITH_CREATION_ORDER) != 0 ? 6 : 4;
    // What is shorter than a message is a gap.
    while (cursor.remaining() >= head) {
      int type = cursor.u8();
      int length = cursor.u16();
      int own = cursor.u8();
      message(type, own, cursor.skip(head - 4).part(length));
    }
  }

  private void visit(Block block) {
    total += block.length;
    if (!visited.add(block.address) || total > MAX_TOTAL) {
      throw file.bad(block.address, path, "this block of the object header has been read before, or the header has more"
          + " than " + MAX_TOTAL + " bytes");
    }
  }

  private void message(int type, int flags, Hdf5Cursor content) {
    if (type == CONTINUATION) {
      more.add(new Block(content.address(), content.size()));
    } else if (isWanted(type, content)) {
      if ((flags & SHARED) != 0) {
        throw content.unsupported("a shared message (a named data type)");
      }
      messages.add(new Message(type, content));
    }
  }

  private static boolean isWanted(int type, Hdf5Cursor content) {
    return switch (type) {
      case DATASPACE, LINK_INFO, DATATYPE, LINK, LAYOUT, FILTERS, ATTRIBUTE, SYMBOL_TABLE, ATTRIBUTE_INFO -> true;
      // Nothing; fill values, old and new; hints for groups; a comment; modification times, old and new; a count of links.
      case 0x00, 0x04, 0x05, 0x0a, 0x0d, 0x0e, 0x12, 0x16 -> false;
      case 0x07 -> throw content.unsupported("a data set in an external file");
      default -> throw content.unsupported("a header message of the unknown type 0x" + Integer.toHexString(type));
    };
  }
}
