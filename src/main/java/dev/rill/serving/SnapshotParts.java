package dev.rill.serving;

import dev.rill.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes the header and the parts of a snapshot, see {@link Snapshot}; the part under way is in memory. */
final class SnapshotParts {
  static final long MAGIC = 0x4c4f4f504c4c4952L; // RILLPOOL
  static final int VERSION = 1;
  static final int HEADER_BYTES = 40;
  static final int STREAMS = 1;
  static final int KEYS = 2;
  static final int END = 3;
  /** Kind and length. */
  static final int PART_HEADER = 8;

  private final ByteSink sink;
  private final CRC32C crc = new CRC32C();
  private ByteBuffer part = buffer(1 << 17);

  SnapshotParts(ByteSink sink) {
    this.sink = sink;
    begin();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void header(int structure, int features, long id, long since) throws IOException {
    ByteBuffer header = buffer(HEADER_BYTES).putLong(MAGIC).putInt(VERSION).putInt(structure).putInt(features).putLong(id)
        .putLong(since);
    sink.write(header.putInt(crc(header.array(), header.position())).flip());
  }

  private int crc(byte[] bytes, int length) {
    crc.reset();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private void begin() {
    part.clear().position(PART_HEADER);
  }

  boolean isEmpty() {
    return part.position() == PART_HEADER;
  }

  /** Adds length and bytes to the part under way. */
  void add(byte[] bytes, int from, int length) {
    int needed = 2 * Integer.BYTES + length;
    if (part.remaining() < needed) {
      byte[] longer = Arrays.copyOf(part.array(), Math.addExact(Math.max(part.position(), needed), part.capacity()));
      part = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).position(part.position());
    }
    part.putInt(length).put(bytes, from, length);
  }

  /** Writes the part under way. */
  void end(int kind) throws IOException {
    part.putInt(0, kind).putInt(Integer.BYTES, part.position() - PART_HEADER);
    part.putInt(crc(part.array(), part.position()));
    sink.write(part.flip());
    begin();
  }

  /** Writes the end of the file. */
  void end(long streams, long keys) throws IOException {
    part.putLong(streams).putLong(keys);
    end(END);
  }
}
