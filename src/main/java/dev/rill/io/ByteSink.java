package dev.rill.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where bytes are appended, one block after the other: a file, or a member of an archive. */
public interface ByteSink {
  /**
   * Appends bytes.
   *
   * @param bytes from their position to their limit, all of which is written
   * @throws IOException if writing fails
   */
  void write(ByteBuffer bytes) throws IOException;
}
