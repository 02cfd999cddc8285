package dev.rill.serving;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads a snapshot, see {@link Snapshot}, part by part; every part is checked before anything of it is given out. */
final class SnapshotReader implements Closeable {
  /** Who is given the entries. */
  interface Entries {
    /** A stream; the bytes lie in an array that is this call's. */
    void stream(byte[] key, byte[] bytes, int from, int length);

    /** The key of a stream that has not changed. */
    default void unchanged(byte[] key) {}
  }

  private final Path file;
  private final ByteSource source;
  private final CRC32C crc = new CRC32C();
  private final long id;
  private final long since;

  SnapshotReader(Path file) throws IOException {
    this.file = file;
    source = ByteSource.open(file);
    try {
      ByteBuffer header = source.read(0, SnapshotParts.HEADER_BYTES);
      if (header.getLong() != SnapshotParts.MAGIC) {
        throw new FormatException(file + " is no snapshot of streams: expected the magic RILLPOOL");
      }
      int version = header.getInt();
      // Structure and features are for whoever looks at a file: each stream says its own, and is held against the network.
      header.position(header.position() + 2 * Integer.BYTES);
      id = header.getLong();
      since = header.getLong();
      check(header, SnapshotParts.HEADER_BYTES - Integer.BYTES, 0);
      if (version != SnapshotParts.VERSION) {
        throw new FormatException(file + " has version " + version + "; this Rill reads version " + SnapshotParts.VERSION);
      }
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private void check(ByteBuffer buffer, int length, long position) {
    crc.reset();
    crc.update(buffer.array(), 0, length);
    if ((int) crc.getValue() != buffer.getInt(length)) {
      throw new FormatException(file + " is damaged: the part at " + position + " does not match its CRC-32C");
    }
  }

  Path file() {
    return file;
  }

  long id() {
    return id;
  }

  long since() {
    return since;
  }

  /** Reads all parts in order. */
  void read(Entries to) throws IOException {
    long position = SnapshotParts.HEADER_BYTES;
    long streams = 0;
    long keys = 0;
    while (true) {
      ByteBuffer head = source.read(position, SnapshotParts.PART_HEADER);
      int kind = head.getInt();
      int length = head.getInt();
      if (length < 0 || length > source.size() - position - SnapshotParts.PART_HEADER - Integer.BYTES) {
        throw new FormatException(file + ": the part at " + position + " claims " + length + " bytes: the file is truncated or damaged");
      }
      ByteBuffer part = source.read(position, SnapshotParts.PART_HEADER + length + Integer.BYTES);
      check(part, SnapshotParts.PART_HEADER + length, position);
      part.position(SnapshotParts.PART_HEADER).limit(SnapshotParts.PART_HEADER + length);
      if (kind == SnapshotParts.END) {
        end(part, position + SnapshotParts.PART_HEADER + length + Integer.BYTES, streams, keys);
        return;
      }
      while (part.hasRemaining()) {
        byte[] key = new byte[length(part, position)];
        part.get(key);
        if (kind == SnapshotParts.STREAMS) {
          int bytes = length(part, position);
          to.stream(key, part.array(), part.position(), bytes);
          part.position(part.position() + bytes);
          streams++;
        } else if (kind == SnapshotParts.KEYS) {
          to.unchanged(key);
          keys++;
        } else {
          throw new FormatException(file + ": the part at " + position + " is of an unknown kind, " + kind);
        }
      }
      position += SnapshotParts.PART_HEADER + length + Integer.BYTES;
    }
  }

  private int length(ByteBuffer part, long position) {
    int length = part.remaining() < Integer.BYTES ? -1 : part.getInt();
    if (length < 0 || length > part.remaining()) {
      throw new FormatException(file + ": the part at " + position + " claims " + length + " bytes, " + part.remaining() + " are left");
    }
    return length;
  }

  private void end(ByteBuffer part, long behind, long streams, long keys) {
    if (part.remaining() != 2 * Long.BYTES || part.getLong() != streams || part.getLong() != keys || behind != source.size()) {
      throw new FormatException(file + " ends otherwise than it says: " + streams + " streams and " + keys + " keys were read");
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
