package dev.rill.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Puts a finished draft into something that cannot be replaced by it. */
final class WriteOver {
  private static final int BLOCK = 1 << 16;
  private static final int LOCK_MILLIS = 10;
  private static final int LOCK_TRIES = 3000;

  private final SteadyFile draft;
  private final long size;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);

  private WriteOver(SteadyFile draft, long size) {
    this.draft = draft;
    this.size = size;
  }

  /**
   * Writes.
   *
   * @throws IOException if that fails; a part may have been written then
   */
  static void copy(SteadyFile draft, long size, FileTarget target) throws IOException {
    WriteOver content = new WriteOver(draft, size);
    if (Files.isRegularFile(target.file())) {
      // One writer of this process at a time, and one process.
      synchronized (WriteOver.class) {
        content.copyToFile(target);
      }
    } else {
      content.copyToStream(target.file());
    }
  }

  private void copyToFile(FileTarget target) throws IOException {
    try (SteadyFile file = SteadyFile.open(target.file(), StandardOpenOption.WRITE)) {
      if (!lock(file)) {
        throw target.failure("another process keeps the file locked");
      }
      long before = file.size();
      takeRoom(file, before, target);
      try {
        write(file, 0, Math.min(before, size));
        file.truncate(size);
        file.force();
      } catch (IOException e) {
        throw target.failure(e, "; what is there now is incomplete");
      }
    }
  }

  /** Writes first what is longer than what is there, which stays if the disk has no room for that. */
  private void takeRoom(SteadyFile file, long before, FileTarget target) throws IOException {
    try {
      write(file, before, size);
      file.force();
    } catch (IOException e) {
      file.truncate(before);
      throw target.failure(e);
    }
  }

  private void write(SteadyFile file, long from, long to) throws IOException {
    for (long at = from; at < to; at += block.limit()) {
      file.write(at, read(at, to));
    }
  }

  /** Devices and pipes have no positions. */
  private void copyToStream(Path device) throws IOException {
    try (OutputStream out = Files.newOutputStream(device, StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; at += block.limit()) {
        out.write(block.array(), 0, read(at, size).limit());
      }
    }
  }

  private ByteBuffer read(long at, long to) throws IOException {
    block.clear().limit((int) Math.min(BLOCK, to - at));
    draft.read(at, block);
    return block.flip();
  }

  /** Waits for a lock, for half a minute. */
  private static boolean lock(SteadyFile file) throws IOException {
    boolean interrupted = false;
    try {
      for (int i = 0; i < LOCK_TRIES; i++) {
        if (file.lock()) {
          return true;
        }
        try {
          Thread.sleep(LOCK_MILLIS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
