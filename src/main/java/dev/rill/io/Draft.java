package dev.rill.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is written first and then becomes the file. Its short name says which name it is a draft of, and its writer holds a
 * lock on it: a draft without a lock has lost its writer, and the next draft of that name removes it.
 */
final class Draft implements Closeable {
  /** Those of this process. Their locks cannot be tried: to close a file again gives up all locks of a process on it. */
  private static final Set<String> LIVING = ConcurrentHashMap.newKeySet();
  private static final String END = ".tmp";
  /** As often as others may remove a draft before its writer has the lock; in a folder that takes no files, such as /proc, in vain. */
  private static final int MOST_TRIES = 100;

  private final Path path;
  private final SteadyFile file;

  private Draft(Path path, SteadyFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Begins a draft.
   *
   * @param folder where
   * @param name of what it will become
   * @param secret whether nobody else may read it, or whoever may read a new file
   * @throws IOException if the folder does not take it
   */
  static Draft create(Path folder, String name, boolean secret) throws IOException {
    String begin = ".rill-" + Integer.toHexString(name.hashCode()) + '-';
    removeDead(folder, begin);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
      try {
        Draft draft = create(folder.resolve(begin + random + END), secret);
        // Until the lock is there the draft looks dead, and another writer may just be removing it.
        if (draft.file.lock() && Files.exists(draft.path)) {
          return draft;
        }
        draft.close();
      } catch (NoSuchFileException e) {
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
    }
    throw new FileSystemException(folder.toString(), null, "the folder " + folder + " takes no files, or loses them at once");
  }

  private static Draft create(Path path, boolean secret) throws IOException {
    LIVING.add(path.getFileName().toString());
    try {
      return new Draft(path, SteadyFile.create(path,
          Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
          Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE), attributes(path, secret)));
    } catch (IOException | RuntimeException e) {
      LIVING.remove(path.getFileName().toString());
      throw e;
    }
  }

  private static FileAttribute<?>[] attributes(Path path, boolean secret) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return secret && posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
        : new FileAttribute<?>[0];
  }

  private static void removeDead(Path folder, String begin) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        if (name.startsWith(begin) && name.endsWith(END) && !LIVING.contains(name)
            && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          removeIfDead(path);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // A folder that may be written and not be listed: what is dead stays.
    }
  }

  private static void removeIfDead(Path path) {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = file.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
      // Another user's, or on a file system without locks: better left than taken from its writer.
    }
  }

  Path path() {
    return path;
  }

  SteadyFile file() {
    return file;
  }

  /** Drops it, if it has not become the file. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(path);
    } finally {
      file.close();
      LIVING.remove(path.getFileName().toString());
    }
  }
}
