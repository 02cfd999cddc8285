package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Bytes that are read at any position: a file, a piece of one, or memory.
 *
 * <p>Files are read by position and never mapped: one that is cut short meanwhile gives an
 * exception, not a dead process. Every read is complete or throws. Sources over files may be shared
 * by threads. An interrupt does not matter to them; the thread stays interrupted.
 */
public interface ByteSource extends Closeable {

  /**
   * Opens a file.
   *
   * @param file an existing, regular file
   * @return its bytes, as many as it has now; to be closed
   * @throws IOException if it cannot be opened, or is a folder, a pipe or a device
   */
  static ByteSource open(Path file) throws IOException {
    return FileBytes.open(Require.given(file, "the file"));
  }

  /**
   * Reads a whole file.
   *
   * @param file an existing, regular file
   * @return its bytes
   * @throws dev.rill.tensor.RillException if it does not fit into an array or into the heap
   * @throws IOException if it cannot be read, or is a folder, a pipe or a device
   */
  static byte[] readAll(Path file) throws IOException {
    try (ByteSource source = open(file)) {
      byte[] bytes = HeapRoom.bytes(source.size(), file.toString());
      source.read(0, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }

  /**
   * Reads memory.
   *
   * @param bytes the content; not copied, and not to be changed while it is read
   * @return a source over them
   */
  static ByteSource of(byte[] bytes) {
    return new MemoryBytes(Require.given(bytes, "the bytes"));
  }

  /**
   * How many bytes there are.
   *
   * @return the size in bytes
   */
  long size();

  /**
   * Fills a buffer.
   *
   * @param position of the first byte
   * @param target filled from its position to its limit
   * @throws FormatException if that reaches past the end of the source
   * @throws IOException if reading fails, or a file has become shorter since it was opened
   */
  void read(long position, ByteBuffer target) throws IOException;

  /**
   * A piece of this source; closing it does nothing.
   *
   * @param position where it starts
   * @param length its size in bytes
   * @return the piece, which lives as long as this source does
   * @throws FormatException if that reaches past the end of the source
   */
  default ByteSource slice(long position, long length) {
    require(position, length);
    return new SliceBytes(this, position, length);
  }

  /**
   * Reads a few bytes into a new little-endian buffer, which is not allocated unless they are there.
   *
   * @param position of the first byte
   * @param length how many
   * @return a buffer of that length, at its beginning
   * @throws FormatException if that reaches past the end of the source
   * @throws IOException if reading fails
   */
  default ByteBuffer read(long position, int length) throws IOException {
    require(position, length);
    ByteBuffer target = ByteBuffer.wrap(HeapRoom.bytes(length, "a block")).order(ByteOrder.LITTLE_ENDIAN);
    read(position, target);
    return target.flip();
  }

  /**
   * Checks that bytes are there.
   *
   * @param position of the first one
   * @param length how many
   * @throws FormatException if they are not all inside the source
   */
  default void require(long position, long length) {
    if (position < 0 || length < 0 || length > size() - position) {
      throw new FormatException("bytes " + Long.toUnsignedString(position) + " and the "
          + Long.toUnsignedString(length) + " from there were expected, but there are only " + size()
          + " in all: the file is truncated or damaged");
    }
  }

  /** Closes the file underneath, if any; memory and slices have nothing to close. */
  @Override
  default void close() throws IOException {}
}
