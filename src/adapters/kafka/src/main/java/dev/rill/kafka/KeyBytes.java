package dev.rill.kafka;

import dev.rill.tensor.StateException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the store has for a key. Little-endian: byte 1; int positions; long last seen; for each position long offset, int ordinal, int
 * partition, short bytes of the topic's name, the name in UTF-8; then the stream as {@link dev.rill.serving.StoredStreams#save} writes
 * it.
 *
 * @param seen stream time of the last record, in ms
 * @param read the last position of each source
 * @param stream where the stream's bytes begin
 */
record KeyBytes(long seen, List<Position> read, int stream) {
  private static final byte FORMAT = 1;
  private static final int POSITIONS = 1;
  private static final int SEEN = POSITIONS + Integer.BYTES;
  private static final int HEADER = SEEN + Long.BYTES;
  private static final int POSITION = Long.BYTES + 2 * Integer.BYTES + Short.BYTES;

  /**
   * Writes a value.
   *
   * @param seen stream time of the last record, in ms
   * @param read the last position of each source
   * @param stream what the stream was saved to
   * @param length how many bytes of it count
   */
  static byte[] write(long seen, List<Position> read, byte[] stream, int length) {
    byte[][] topics = new byte[read.size()][];
    int size = HEADER + length;
    for (int i = 0; i < topics.length; i++) {
      topics[i] = read.get(i).topic().getBytes(StandardCharsets.UTF_8);
      size += POSITION + topics[i].length;
    }
    ByteBuffer to = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    to.put(FORMAT).putInt(topics.length).putLong(seen);
    for (int i = 0; i < topics.length; i++) {
      Position one = read.get(i);
      to.putLong(one.offset()).putInt(one.ordinal()).putInt(one.partition()).putShort((short) topics[i].length).put(topics[i]);
    }
    return to.put(stream, 0, length).array();
  }

  /** When a key was seen last, without the rest. */
  static long seen(byte[] value) {
    return open(value).getLong(SEEN);
  }

  /**
   * Reads all but the stream.
   *
   * @throws StateException if {@link #write} did not write it
   */
  static KeyBytes read(byte[] value) {
    ByteBuffer from = open(value).position(HEADER);
    int count = from.getInt(POSITIONS);
    List<Position> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      check(from, POSITION);
      long offset = from.getLong();
      int ordinal = from.getInt();
      int partition = from.getInt();
      int length = from.getShort();
      check(from, length);
      read.add(new Position(new String(value, from.position(), length, StandardCharsets.UTF_8), partition, offset, ordinal));
      from.position(from.position() + length);
    }
    return new KeyBytes(from.getLong(SEEN), read, from.position());
  }

  /** Whether {@link #seen} can be read. */
  static boolean fits(byte[] value) {
    return value.length >= HEADER && value[0] == FORMAT;
  }

  private static ByteBuffer open(byte[] value) {
    if (!fits(value)) {
      throw foreign(value);
    }
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void check(ByteBuffer from, int length) {
    if (length < 0 || length > from.remaining()) {
      throw foreign(from.array());
    }
  }

  private static StateException foreign(byte[] value) {
    return new StateException("the store has " + value.length + " bytes for this key" + (value.length == 0 ? "" : ", the first is "
        + value[0]) + ": expected at least " + HEADER + ", the first being " + FORMAT + ", and room for each position; is it another's "
        + "store?");
  }
}
