package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;
import java.util.Arrays;
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
   * Undoes the filters, the last one first. What a filter was given is dropped before the next one begins.
   *
   * @param bytes of the chunk as it is in the file
   * @param mask a bit for each filter that this chunk was spared
   * @param plain bytes of the chunk in memory
   * @param elementBytes of an element
   * @param place where the chunk is, for messages
   */
  byte[] undo(byte[] bytes, int mask, int plain, int elementBytes, Hdf5Cursor place) {
    for (int i = kinds.length - 1; i >= 0; i--) {
      if (applied(i, mask)) {
        long size = sizeBefore(i, mask, plain);
        bytes = switch (kinds[i]) {
          case DEFLATE -> inflate(bytes, size, place);
          case SHUFFLE -> unshuffle(bytes, elementBytes, place);
          default -> verify(bytes, place);
        };
      }
    }
    if (bytes.length != plain) {
      throw place.bad("a chunk of " + bytes.length + " bytes, expected " + plain);
    }
    return bytes;
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

  private static byte[] inflate(byte[] packed, long size, Hdf5Cursor place) {
    byte[] plain = HeapRoom.bytes(size, "a chunk of a data set");
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int count = 0;
      while (count < plain.length) {
        int more = inflater.inflate(plain, count, plain.length - count);
        if (more == 0) {
          break;
        }
        count += more;
      }
      if (count < plain.length || inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
        throw place.bad("a compressed chunk does not hold the expected " + size + " bytes");
      }
      return plain;
    } catch (DataFormatException e) {
      throw place.bad("a compressed chunk is damaged (" + e.getMessage() + ")");
    } finally {
      inflater.end();
    }
  }

  /** The first bytes of all elements stand before their second bytes, and so on. */
  private static byte[] unshuffle(byte[] shuffled, int elementBytes, Hdf5Cursor place) {
    byte[] plain = HeapRoom.bytes(shuffled.length, "a chunk of a data set");
    int count = shuffled.length / elementBytes;
    int from = 0;
    for (int b = 0; b < elementBytes; b++) {
      for (int i = 0; i < count; i++) {
        plain[i * elementBytes + b] = shuffled[from++];
      }
    }
    // What is left of the last element stays where it is.
    System.arraycopy(shuffled, from, plain, from, shuffled.length - from);
    return plain;
  }

  private static byte[] verify(byte[] bytes, Hdf5Cursor place) {
    int length = bytes.length - Integer.BYTES;
    int expected = 0;
    for (int i = 0; length >= 0 && i < Integer.BYTES; i++) {
      expected |= (bytes[length + i] & 0xff) << 8 * i;
    }
    if (length < 0 || Hdf5Checksum.fletcher32(bytes, length) != expected) {
      throw place.bad("the check sum of a chunk is not the one behind it: the file is damaged");
    }
    return Arrays.copyOf(bytes, length);
  }
}
