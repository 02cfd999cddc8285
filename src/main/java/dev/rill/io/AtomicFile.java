package dev.rill.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears whole or not at all: written beside its target, forced to the disk and moved into place by
 * {@link #commit()}. Closed without that, it leaves no trace.
 */
public final class AtomicFile implements ByteSink, Closeable {
  private final Path target;
  private final Path draft;
  private final FileChannel channel;

  private AtomicFile(Path target, Path draft, FileChannel channel) {
    this.target = target;
    this.draft = draft;
    this.channel = channel;
  }

  /**
   * Begins a file.
   *
   * @param file where it will be; what is there stays until the commit; a symbolic link is followed
   * @return the file, to be committed and closed
   * @throws IOException if nothing can be created beside the target
   */
  public static AtomicFile create(Path file) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new FileSystemException(target.toString(), null, "expected a place for a file, found a directory");
    }
    String name = target.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp";
    Path draft = target.resolveSibling(name);
    return new AtomicFile(target, draft,
        FileChannel.open(draft, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
  }

  /**
   * Appends bytes.
   *
   * @param bytes from their position to their limit, all of which is written
   * @throws IOException if writing fails
   */
  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Writes over bytes that have been written before.
   *
   * @param position of the first one
   * @param bytes from their position to their limit, all of which is written
   * @throws IOException if writing fails
   */
  public void overwrite(long position, ByteBuffer bytes) throws IOException {
    for (long at = position; bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * How many bytes have been appended.
   *
   * @return the size so far
   * @throws IOException if the file cannot tell
   */
  public long size() throws IOException {
    return channel.position();
  }

  /**
   * Puts the file in its place.
   *
   * @throws IOException if the disk does not take it; the target is as it was then
   */
  public void commit() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Drops the file unless it has been committed. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(draft);
  }
}
