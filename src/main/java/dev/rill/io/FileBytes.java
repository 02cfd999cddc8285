package dev.rill.io;

import dev.rill.tensor.Require;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** The bytes of a file, as many as it had when it was opened. */
final class FileBytes implements ByteSource {
  private final Path path;
  private final SteadyFile file;
  private final long size;

  private FileBytes(Path path, SteadyFile file, long size) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  static FileBytes open(Path path) throws IOException {
    // To open a pipe waits for one who writes, and a device has no end.
    BasicFileAttributes kind = Files.readAttributes(path, BasicFileAttributes.class);
    if (!kind.isRegularFile()) {
      throw new FileSystemException(path.toString(), null, "expected a file, found "
          + (kind.isDirectory() ? "a folder" : "a pipe or a device, which cannot be read at any position: copy it to a file"));
    }
    SteadyFile file = SteadyFile.open(path, StandardOpenOption.READ);
    try {
      return new FileBytes(path, file, file.size());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    require(position, Require.given(target, "the buffer to read to").remaining());
    try {
      file.read(position, target);
    } catch (EOFException e) {
      throw new EOFException(path + " had " + size + " bytes when it was opened and now ends before " + e.getMessage()
          + ": something else is writing it");
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
