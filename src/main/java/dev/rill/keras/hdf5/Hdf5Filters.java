package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What a data set's chunks went through when they were written, undone here: gzip, shuffle and Fletcher's check sum. */
final class Hdf5Filters {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER = 3;
  /** Numbers below are HDF5's own filters, which have no name in the second version of the message. */
  private static final int FIRST_NAMED = 256;
  /** Deflate cannot make anything larger than this many times its packed size. */
  private static final int MAX_RATIO = 1032;

  private final int[] kinds;

  private Hdf5Filters(int[] kinds) {
    this.kinds = kinds;
  }

  /** The filters of a data set in the order in which they were applied. */
  static Hdf5Filters read(Hdf5Header header) {
    if (!header.has(Hdf5Header.FILTERS)) {
      return new Hdf5Filters(new int[0]);
    }
    Hdf5Cursor message = header.only(Hdf5Header.FILTERS, "list of filters");
    int version = message.u8();
    if (version < 1 || version > 2) {
      throw message.unsupported("version " + version + " of a list of filters");
    }
    int[] kinds = new int[message.u8()];
    message.skip(version == 1 ? 6 : 0);
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = message.u16();
      int nameLength = version == 1 || kinds[i] >= FIRST_NAMED ? message.u16() : 0;
      message.skip(2);
      int values = message.u16();
      String name = message.text(version == 1 ? nameLength + 7 & -8 : nameLength).replace("\0", "");
      message.skip(4 * (version == 1 ? values + 1 & -2 : values));
      refuse(kinds, i, name, message);
    }
    return new Hdf5Filters(kinds);
  }

  private static void refuse(int[] kinds, int index, String name, Hdf5Cursor message) {
    if (kinds[index] < DEFLATE || kinds[index] > FLETCHER) {
      throw message.unsupported("data behind the filter " + kinds[index] + (name.isEmpty() ? "" : " (" + name + ")")
          + ", only behind gzip, shuffle and fletcher32");
    }
    for (int i = 0; i < index; i++) {
      if (kinds[i] == kinds[index]) {
        throw message.unsupported("data that went through one filter twice");
      }
    }
  }

  /** Whether the data is as it is in memory. */
  boolean none() {
    return kinds.length == 0;
  }

  /** Whether a chunk can be as large in memory as is said. */
  boolean canBe(long stored, int mask, long plain) {
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] == DEFLATE && applied(i, mask)) {
        return plain / MAX_RATIO <= stored;
      }
    }
    return stored == sizeBefore(kinds.length, mask, plain);
  }

  /**
   * Reads a chunk and undoes the filters, the last one first. What a filter was given is dropped before the next one begins; what
   * was compressed last is never whole in memory, what was shuffled first stays so, and a check sum stays where it is.
   *
   * @param address of the chunk
   * @param stored its bytes in the file
   * @param mask a bit for each filter that this chunk was spared
   * @param plain bytes of the chunk in memory
   * @param type of the elements
   */
  Hdf5Chunk undo(Hdf5Bytes file, String path, long address, long stored, int mask, int plain, Hdf5Datatype type)
      throws IOException {
    Hdf5Cursor place = file.cursor(address, 0, 0, path);
    int first = 0;
    while (first < kinds.length && !applied(first, mask)) {
      first++;
    }
    boolean shuffled = first < kinds.length && kinds[first] == SHUFFLE;
    // Null as long as nothing has been undone.
    byte[] bytes = null;
    int length = 0;
    for (int i = kinds.length - 1; i >= first + (shuffled ? 1 : 0); i--) {
      if (applied(i, mask)) {
        if (bytes == null && kinds[i] != DEFLATE) {
          bytes = file.array(address, stored, path);
          length = bytes.length;
        }
        switch (kinds[i]) {
          case DEFLATE -> {
            Hdf5Pieces packed = bytes == null ? new Hdf5Pieces(file, path, address, stored) : new Hdf5Pieces(bytes, length);
            bytes = inflate(packed, sizeBefore(i, mask, plain), place);
            length = bytes.length;
          }
          case SHUFFLE -> bytes = Hdf5Chunk.unshuffled(bytes, length, type.size(), place);
          // The sum stays behind the data: to cut it off would be to copy all.
          default -> length = verify(bytes, length, place);
        }
      }
    }
    if (bytes == null) {
      bytes = file.array(address, stored, path);
      length = bytes.length;
    }
    if (length != plain) {
      throw place.bad("a chunk of " + length + " bytes, expected " + plain);
    }
    return new Hdf5Chunk(bytes, length, shuffled, type.size(), type.order());
  }

  private static boolean applied(int filter, int mask) {
    return (mask >> filter & 1) == 0;
  }

  /** Bytes that go into a filter, or come out of the last one: check sums are appended to the data. */
  private long sizeBefore(int filter, int mask, long plain) {
    long size = plain;
    for (int i = 0; i < filter; i++) {
      size += kinds[i] == FLETCHER && applied(i, mask) ? Integer.BYTES : 0;
    }
    return size;
  }

  private static byte[] inflate(Hdf5Pieces packed, long size, Hdf5Cursor place) throws IOException {
    byte[] plain = HeapRoom.bytes(size, Hdf5Chunk.at(place));
    byte[] beyond = new byte[1];
    Inflater inflater = new Inflater();
    try {
      int count = 0;
      while (count <= plain.length && !inflater.finished()) {
        boolean full = count == plain.length;
        int more = full ? inflater.inflate(beyond) : inflater.inflate(plain, count, plain.length - count);
        if (more == 0 && !inflater.finished()) {
          ByteBuffer next = inflater.needsInput() ? packed.next() : null;
          if (next == null) {
            break;
          }
          inflater.setInput(next);
        }
        count += more;
      }
      if (count != plain.length || !inflater.finished()) {
        throw place.bad("a compressed chunk does not hold the expected " + size + " bytes");
      }
      return plain;
    } catch (DataFormatException e) {
      throw place.bad("a compressed chunk is damaged (" + e.getMessage() + ")");
    } finally {
      inflater.end();
    }
  }

  /** Returns how many bytes are left before the sum. */
  private static int verify(byte[] bytes, int count, Hdf5Cursor place) {
    int length = count - Integer.BYTES;
    int expected = 0;
    for (int i = 0; length >= 0 && i < Integer.BYTES; i++) {
      expected |= (bytes[length + i] & 0xff) << 8 * i;
    }
    if (length < 0 || Hdf5Checksum.fletcher32(bytes, length) != expected) {
      throw place.bad("the check sum of a chunk is not the one behind it: the file is damaged");
    }
    return length;
  }
}
