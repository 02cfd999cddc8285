package dev.rill.io;

import dev.rill.tensor.RillException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a stream. */
public final class StreamBytes {
  private StreamBytes() {}

  /**
   * Reads a stream to its end and closes it.
   *
   * @param stream such as that of a resource
   * @return all bytes
   * @throws RillException if the stream is null, or does not fit into an array or into the heap
   * @throws IOException if reading fails
   */
  public static byte[] read(InputStream stream) throws IOException {
    if (stream == null) {
      throw new RillException("expected a stream, got null: there is no resource of that name where it was looked for (a name with a "
          + "slash in front is looked for from the root of the class path)");
    }
    try (stream) {
      return stream.readAllBytes();
    } catch (OutOfMemoryError e) {
      throw HeapRoom.exhausted("a stream");
    }
  }
}
