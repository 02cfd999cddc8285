package dev.rill.kafka;

import dev.rill.tensor.StateException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the store has for a key. Little-endian: byte 1; byte positions; long last seen; for each position long offset, int ordinal, int
 * partition, short bytes of the topic's name, the name in UTF-8; then the stream as {@link dev.rill.serving.StoredStreams#save} writes
 * it.
 */
final class KeyBytes {
  private static final byte FORMAT = 1;
  private static final int POSITIONS = 1;
  private static final int SEEN = 2;
  private static final int HEADER = SEEN + Long.BYTES;
  private static final int POSITION = Long.BYTES + 2 * Integer.BYTES + Short.BYTES;

  private KeyBytes() {}

  /**
   * Writes a value.
   *
   * @param seen stream time of the last record, in ms
   * @param read the last position of each source; at most 127
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
    to.put(FORMAT).put((byte) topics.length).putLong(seen);
    for (int i = 0; i < topics.length; i++) {
      Position one = read.get(i);
      to.putLong(one.offset()).putInt(one.ordinal()).putInt(one.partition()).putShort((short) topics[i].length).put(topics[i]);
    }
    return to.put(stream, 0, length).array();
  }

  /** Refuses what {@link #write} did not write, as far as its first bytes tell. */
  private static ByteBuffer open(byte[] value) {
    if (value.length < HEADER || value[0] != FORMAT) {
      throw new StateException("the store has " + value.length + " bytes for this key" + (value.length == 0 ? "" : ", the first is "
          + value[0]) + ": expected at least " + HEADER + ", the first being " + FORMAT + "; is it another's store?");
    }
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Stream time of the last record, in ms. */
  static long seen(byte[] value) {
    return open(value).getLong(SEEN);
  }

  /** The last position of each source. */
  static List<Position> read(byte[] value) {
    ByteBuffer from = open(value).position(HEADER);
    List<Position> read = new ArrayList<>(value[POSITIONS]);
    for (int i = 0; i < value[POSITIONS]; i++) {
      long offset = from.getLong();
      int ordinal = from.getInt();
      int partition = from.getInt();
      byte[] topic = new byte[from.getShort()];
      from.get(topic);
      read.add(new Position(new String(topic, StandardCharsets.UTF_8), partition, offset, ordinal));
    }
    return read;
  }

  /** Where the stream's bytes begin. */
  static int stream(byte[] value) {
    ByteBuffer from = open(value);
    int at = HEADER;
    for (int i = 0; i < value[POSITIONS]; i++) {
      at += POSITION + from.getShort(at + POSITION - Short.BYTES);
    }
    return at;
  }
}
