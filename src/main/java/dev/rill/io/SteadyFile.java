package dev.rill.io;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * An open file that interrupts do not close, as they close a {@link FileChannel}: the work is done all the same, and the
 * thread is left interrupted. May be shared by threads.
 */
public final class SteadyFile implements Closeable {
  private enum Work { READ, WRITE, SIZE, TRUNCATE, FORCE }

  private final Path path;
  private final Set<? extends OpenOption> options;
  private final Object key;
  private volatile FileChannel channel;
  private volatile boolean closed;
  private boolean locked;

  private SteadyFile(Path path, Set<? extends OpenOption> options, FileChannel channel) throws IOException {
    this.path = path;
    this.options = options;
    this.channel = channel;
    this.key = key(path);
  }

  /**
   * Opens what is there.
   *
   * @param path of the file
   * @param options to read, to write or both
   * @return the file, to be closed
   * @throws IOException if it cannot be opened
   */
  public static SteadyFile open(Path path, OpenOption... options) throws IOException {
    Require.given(path, "the path of a file");
    return open(path, new HashSet<>(Arrays.asList(Require.all(options, "the options"))), FileChannel.open(path, options));
  }

  /** Makes a new file, to be read and written. */
  static SteadyFile create(Path path, Set<? extends OpenOption> creation, Set<? extends OpenOption> later,
      FileAttribute<?>... attributes) throws IOException {
    return open(path, later, FileChannel.open(path, creation, attributes));
  }

  private static SteadyFile open(Path path, Set<? extends OpenOption> options, FileChannel channel) throws IOException {
    try {
      return new SteadyFile(path, options, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Which file this is, whatever its name; null where the file system does not say. */
  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * Fills a buffer.
   *
   * @throws EOFException if the file ends before
   */
  void read(long position, ByteBuffer target) throws IOException {
    // A read that is interrupted may have filled a part: the buffer knows how much.
    for (long start = position - target.position(); target.hasRemaining(); ) {
      if (work(Work.READ, start + target.position(), target) < 0) {
        throw new EOFException("byte " + (start + target.position()));
      }
    }
  }

  /** Writes all that a buffer has left. */
  void write(long position, ByteBuffer bytes) throws IOException {
    for (long start = position - bytes.position(); bytes.hasRemaining(); ) {
      work(Work.WRITE, start + bytes.position(), bytes);
    }
  }

  long size() throws IOException {
    return work(Work.SIZE, 0, null);
  }

  /**
   * Drops what is behind a position.
   *
   * @param size in bytes; a file that is shorter stays as it is
   * @throws IOException if that fails
   * @throws RillException if the position is negative
   */
  public void truncate(long size) throws IOException {
    if (size < 0) {
      throw new RillException("expected a position from 0, got " + size);
    }
    work(Work.TRUNCATE, size, null);
  }

  /** Waits until the disk has everything. */
  void force() throws IOException {
    work(Work.FORCE, 0, null);
  }

  /**
   * Keeps others from locking this file until it is closed.
   *
   * @return false if another has locked it; true, too, where there are no locks
   */
  synchronized boolean lock() throws IOException {
    locked = true;
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    channel.close();
  }

  private long work(Work work, long position, ByteBuffer bytes) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        FileChannel now = channel;
        try {
          return work(now, work, position, bytes);
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          reopen(now, e);
        } catch (NonReadableChannelException | NonWritableChannelException e) {
          throw new IOException(path + " has not been opened for that: " + work, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static long work(FileChannel channel, Work work, long position, ByteBuffer bytes) throws IOException {
    switch (work) {
      case READ:
        return channel.read(bytes, position);
      case WRITE:
        return channel.write(bytes, position);
      case TRUNCATE:
        channel.truncate(position);
        return position;
      case FORCE:
        channel.force(true);
        return 0;
      default:
        return channel.size();
    }
  }

  /** After an interrupt, of this thread or of another that uses the file. */
  private synchronized void reopen(FileChannel gone, ClosedChannelException cause) throws IOException {
    if (closed) {
      throw cause;
    }
    if (channel == gone) {
      if (!Objects.equals(key, key(path))) {
        throw new FileSystemException(path.toString(), null, "another file has taken its place while it was in use");
      }
      channel = FileChannel.open(path, options);
      if (locked && !lock()) {
        throw new FileSystemException(path.toString(), null, "it is in use elsewhere");
      }
    }
  }

  /** Returns the file. */
  @Override
  public String toString() {
    return path.toString();
  }
}
