package dev.rill.io;

import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that appears whole or not at all: written to a draft beside its target, forced to the disk and moved into place by
 * {@link #commit()}. Closed without that, it leaves no trace; if its process dies, the next writer of the same target removes
 * the draft.
 *
 * <p>Symbolic links are followed, be it to a file that is still to be made. A file keeps its mode, and its owner and group as
 * far as that is permitted; the draft is as private. Writers in several processes do not disturb each other: one that commits
 * last wins. An interrupt changes nothing but the status of the thread, which it keeps.
 *
 * <p>What cannot be replaced is written over when all is in the draft, and would be incomplete if the process died meanwhile: a
 * file that is mounted by itself, one in a folder that may not be written (its draft lies in the folder for temporary files),
 * terminals and other devices of characters, {@code /dev/stdout} and {@code /dev/fd}. If the disk has no room for what is longer
 * than before, what is there stays. Folders, named pipes, sockets and disks are refused, and files that may not be written.
 */
public final class AtomicFile implements ByteSink, Closeable {
  private final FileTarget target;
  private final Draft draft;
  private long size;

  private AtomicFile(FileTarget target, Draft draft) {
    this.target = target;
    this.draft = draft;
  }

  /**
   * Begins a file.
   *
   * @param file where it will be; what is there stays until the commit
   * @return the file, to be committed and closed
   * @throws IOException if that is no place for a file, or no draft can be created, with the reason
   */
  public static AtomicFile create(Path file) throws IOException {
    FileTarget target = FileTarget.of(Require.given(file, "the file"));
    String name = target.file().getFileName().toString();
    if (target.isReplaceable()) {
      try {
        return new AtomicFile(target, Draft.create(target.folder(), name, target.isFile()));
      } catch (IOException e) {
        if (!target.isFile()) {
          throw target.folderFailure(e);
        }
        return elsewhere(target, name, target.folderFailure(e));
      }
    }
    return elsewhere(target, name, null);
  }

  private static AtomicFile elsewhere(FileTarget target, String name, FileSystemException reason) throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    try {
      return new AtomicFile(target, Draft.create(folder, name, true));
    } catch (IOException e) {
      throw reason != null ? reason : target.failure("the folder for temporary files, " + folder + ", may not be written");
    }
  }

  /**
   * Appends bytes.
   *
   * @param bytes from their position to their limit, all of which is written
   * @throws IOException if writing fails
   */
  @Override
  public void write(ByteBuffer bytes) throws IOException {
    int count = Require.given(bytes, "the bytes").remaining();
    overwrite(size, bytes);
    size += count;
  }

  /**
   * Writes over bytes that have been written before.
   *
   * @param position of the first one
   * @param bytes from their position to their limit, all of which is written
   * @throws IOException if writing fails
   */
  public void overwrite(long position, ByteBuffer bytes) throws IOException {
    if (position < 0) {
      throw new ShapeException("expected a position of at least 0 in a file, got " + position);
    }
    Require.given(bytes, "the bytes");
    try {
      draft.file().write(position, bytes);
    } catch (IOException e) {
      throw target.failure(e);
    }
  }

  /**
   * How many bytes have been appended.
   *
   * @return the size so far
   */
  public long size() {
    return size;
  }

  /**
   * Puts the file in its place.
   *
   * @throws IOException if that or the disk does not take it; the target is as it was then, unless it can only be written over
   */
  public void commit() throws IOException {
    try {
      draft.file().force();
      if (!replace()) {
        WriteOver.copy(draft.file(), size, target);
      }
    } catch (IOException e) {
      throw target.failure(e);
    }
  }

  /** Moves the draft; false if the target can only be written over. */
  private boolean replace() throws IOException {
    if (!target.isReplaceable() || !draft.path().getParent().equals(target.folder())) {
      return false;
    }
    target.dress(draft.path());
    try {
      Files.move(draft.path(), target.file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // A mount point; or another's file in a folder in which everybody has files.
      if (!Files.isRegularFile(target.file())) {
        throw e;
      }
      return false;
    }
    forceFolder();
    return true;
  }

  /** Without this the new name may be lost with the power, though not the file. */
  private void forceFolder() {
    try (SteadyFile folder = SteadyFile.open(target.folder(), StandardOpenOption.READ)) {
      folder.force();
    } catch (IOException e) {
      // Systems on which folders cannot be opened or forced.
    }
  }

  /** Drops the file unless it has been committed. */
  @Override
  public void close() throws IOException {
    draft.close();
  }

  /** Returns the file that is written. */
  @Override
  public String toString() {
    return "draft of " + target;
  }
}
