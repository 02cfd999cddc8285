package dev.rill.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** Where a path leads when a file is to be written there, behind all links, and what is there already. */
final class FileTarget {
  /** As many as Linux follows. */
  private static final int MAX_LINKS = 40;
  private static final String UNIX = "unix";
  private static final String ALL = "unix:mode,gid,uid";
  private static final int KIND = 0170000;
  private static final int PIPE = 0010000;
  private static final int CHARACTERS = 0020000;
  private static final int PERMISSIONS = 0777;
  private static final int GROUP = 0070;
  private static final int OTHERS = 0007;

  private final Path name;
  private final Path file;
  /** Whether this is no file but what a process has open. */
  private final boolean descriptor;
  /** Null for nothing. */
  private final BasicFileAttributes there;
  /** Mode, group and owner of what is there; null for nothing, and where the file system has no such things. */
  private final Map<String, Object> unix;

  private FileTarget(Path name, Path file, boolean descriptor) throws IOException {
    this.name = name;
    this.file = file;
    this.descriptor = descriptor;
    there = Files.exists(file) ? Files.readAttributes(file, BasicFileAttributes.class) : null;
    unix = there != null && file.getFileSystem().supportedFileAttributeViews().contains(UNIX)
        ? Files.readAttributes(file, ALL) : null;
  }

  /**
   * Follows the links.
   *
   * @throws IOException if there is something that a file cannot be written to, with the reason
   */
  static FileTarget of(Path name) throws IOException {
    Path file = name.toAbsolutePath();
    boolean descriptor = false;
    for (int links = 0; !descriptor && Files.isSymbolicLink(file); links++) {
      if (links == MAX_LINKS) {
        throw new FileSystemLoopException(name.toString());
      }
      // Where /dev/stdout and /dev/fd lead: a link to something that need not have a name.
      descriptor = file.getParent().toRealPath().startsWith("/proc");
      if (!descriptor) {
        // Not normalised: a folder before ".." may be a link, too.
        file = file.resolveSibling(Files.readSymbolicLink(file));
      }
    }
    FileTarget target = new FileTarget(name, file, descriptor);
    target.check();
    return target;
  }

  private void check() throws IOException {
    if (file.getFileName() == null || there != null && there.isDirectory()) {
      throw failure("expected a place for a file, found a folder");
    }
    if (there == null) {
      return;
    }
    int kind = unix == null ? CHARACTERS : mode() & KIND;
    if (there.isOther() && kind != CHARACTERS && !(kind == PIPE && descriptor)) {
      // To open a pipe waits for one who reads, perhaps for ever; that of a process substitution has one.
      throw failure("expected a place for a file, found " + (kind == PIPE ? "a named pipe" : "a socket or a disk"));
    }
    if (!Files.isWritable(file)) {
      throw new AccessDeniedException(name.toString(), null, "the file that is there may not be written");
    }
  }

  /** Behind all links; absolute. */
  Path file() {
    return file;
  }

  Path folder() {
    return file.getParent();
  }

  /** Whether there is a file already. */
  boolean isFile() {
    return there != null && there.isRegularFile();
  }

  /** Whether a new file can take its place: not that of a device or a pipe, or of what a process has open. */
  boolean isReplaceable() {
    return !descriptor && (there == null || there.isRegularFile());
  }

  /** Gives a draft the owner, the group and the mode of what is there, as far as that is permitted. */
  void dress(Path draft) throws IOException {
    if (unix == null) {
      return;
    }
    Map<String, Object> now = Files.readAttributes(draft, ALL);
    int mode = mode() & ~KIND;
    boolean group = set(draft, "gid", now);
    // Owner and group first: to change them takes special bits of the mode away.
    if (!set(draft, "uid", now) || !group) {
      mode &= PERMISSIONS;
    }
    if (!group) {
      // Another group may do no more than everybody.
      mode &= ~GROUP | (mode & OTHERS) << 3;
    }
    if (mode != ((int) now.get("mode") & ~KIND)) {
      try {
        Files.setAttribute(draft, UNIX + ":mode", mode);
      } catch (IOException e) {
        // A file system without modes of its own; where there are any, the draft is its writer's alone.
      }
    }
  }

  private boolean set(Path draft, String attribute, Map<String, Object> now) {
    if (!unix.get(attribute).equals(now.get(attribute))) {
      try {
        Files.setAttribute(draft, UNIX + ':' + attribute, unix.get(attribute));
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private int mode() {
    return (int) unix.get("mode");
  }

  /** An exception that names the path that the caller knows, and not a draft. */
  FileSystemException failure(String reason) {
    return new FileSystemException(name.toString(), null, reason);
  }

  /** Likewise, for what was thrown while something was written. */
  FileSystemException failure(IOException e) {
    return failure(e, "");
  }

  /** Likewise, with something more to say. */
  FileSystemException failure(IOException e, String more) {
    String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return because(failure((reason == null ? e.toString() : reason) + more), e);
  }

  /** Likewise, for what was thrown where a draft was being made beside the file. */
  FileSystemException folderFailure(IOException e) {
    if (e instanceof AccessDeniedException) {
      return because(new AccessDeniedException(name.toString(), null, "the folder " + folder() + " may not be written"), e);
    }
    if (Files.notExists(folder())) {
      return because(new NoSuchFileException(name.toString(), null, "there is no folder " + folder()), e);
    }
    return Files.isDirectory(folder()) ? failure(e) : because(failure(folder() + " is not a folder"), e);
  }

  private static FileSystemException because(FileSystemException named, IOException e) {
    named.initCause(e);
    return named;
  }
}
