package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The header of an object (version 1): its messages, those of continuation blocks included, in their order. */
final class Hdf5Header {
  static final int DATASPACE = 0x01;
  static final int DATATYPE = 0x03;
  static final int LAYOUT = 0x08;
  static final int ATTRIBUTE = 0x0c;
  static final int SYMBOL_TABLE = 0x11;
  private static final int CONTINUATION = 0x10;
  private static final int PREFIX = 16;
  private static final int SHARED = 2;
  private static final int MAX_BLOCK = 1 << 20;
  private static final int MAX_TOTAL = 1 << 22;

  private final Hdf5Bytes file;
  private final String path;
  private final Hdf5Cursor prefix;
  private final List<Message> messages = new ArrayList<>();
  private final Set<Long> visited = new HashSet<>();
  private int left;
  private long total;

  private record Message(int type, Hdf5Cursor content) {}

  private record Block(long address, long length) {}

  private Hdf5Header(Hdf5Bytes file, long address, String path) throws IOException {
    this.file = file;
    this.path = path;
    this.prefix = file.cursor(address, PREFIX, PREFIX, path).version(1, "object header").skip(1);
    left = prefix.u16();
    prefix.skip(4);
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block(address + PREFIX, prefix.u32()));
    for (int i = 0; i < blocks.size(); i++) {
      read(blocks.get(i), blocks);
    }
    if (left != 0) {
      throw prefix.bad("the object header ends " + left + " messages too early");
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

  /** The content of the only message of a type. */
  Hdf5Cursor only(int type, String name) {
    List<Hdf5Cursor> contents = all(type);
    if (contents.size() != 1) {
      throw prefix.bad("expected one " + name + ", found " + contents.size());
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

  private void read(Block block, List<Block> blocks) throws IOException {
    total += block.length;
    if (!visited.add(block.address) || total > MAX_TOTAL) {
      throw file.bad(block.address, path, "this block of the object header has been read before, or the header has more"
          + " than " + MAX_TOTAL + " bytes");
    }
    Hdf5Cursor cursor = file.cursor(block.address, block.length, MAX_BLOCK, path);
    while (cursor.remaining() > 0) {
      if (left-- == 0) {
        throw cursor.bad("the object header has more messages than it says");
      }
      int type = cursor.u16();
      int length = cursor.u16();
      int flags = cursor.u8();
      Hdf5Cursor content = cursor.skip(3).part(length);
      if ((flags & SHARED) != 0) {
        throw content.unsupported("a shared message (a named data type)");
      }
      if (type == CONTINUATION) {
        blocks.add(new Block(content.address(), content.size()));
      } else if (isWanted(type, content)) {
        messages.add(new Message(type, content));
      }
    }
  }

  private static boolean isWanted(int type, Hdf5Cursor content) {
    return switch (type) {
      case DATASPACE, DATATYPE, LAYOUT, ATTRIBUTE, SYMBOL_TABLE -> true;
      // Nothing; fill values, old and new; a comment; modification times, old and new.
      case 0x00, 0x04, 0x05, 0x0d, 0x0e, 0x12 -> false;
      case 0x02, 0x06, 0x0a -> throw content.unsupported("a group of the new style (soft and external links included)");
      case 0x07 -> throw content.unsupported("a data set in an external file");
      case 0x0b -> throw content.unsupported("a data set with filters (compression, checksum)");
      case 0x15 -> throw content.unsupported("attributes in dense storage");
      default -> throw content.unsupported("a header message of the unknown type 0x" + Integer.toHexString(type));
    };
  }
}
