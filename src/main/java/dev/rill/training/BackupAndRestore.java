package dev.rill.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes training safe against a crash: writes a {@link Checkpoint} before the first epoch and after every one and, at the start,
 * goes on from the one that it finds, at the epoch behind it. The same program, started again, ends with the same bits as if it
 * had not been interrupted: weights, history, files of other callbacks. Wherever it stands among the callbacks, it comes last.
 *
 * <p>Folders are made. A file that cannot be written is refused before training, or later ends it, by an {@link
 * UncheckedIOException}. One that is damaged, or of another model or other callbacks, is refused by a {@link
 * dev.rill.tensor.FormatException} or {@link dev.rill.tensor.StateException} before the model changes.
 *
 * <p>An interrupt of the thread ends training by a {@link dev.rill.tensor.RillException}: behind the batch under way, whose epoch is
 * begun again later, or, if it was the last of the epoch, once that is validated and backed up. The thread stays interrupted.
 */
public final class BackupAndRestore extends Callback {
  private final Path file;
  private boolean kept;

  private BackupAndRestore(Path file) {
    this.file = file;
  }

  /**
   * Keeps the checkpoint in a file, which is deleted when training has come to its end.
   *
   * @param file each checkpoint replaces the one before, whole or not at all
   * @return a callback
   */
  public static BackupAndRestore in(Path file) {
    return new BackupAndRestore(file);
  }

  /**
   * Leaves the last checkpoint when training has come to its end, so that a later run with more epochs goes on from it. Training that
   * was ended by {@link FitContext#stop()}, as {@link EarlyStopping} does, stays so: a later run trains no epoch until the file is
   * deleted.
   *
   * @return this
   */
  public BackupAndRestore keep() {
    kept = true;
    return this;
  }

  /** The checkpoint that training is to go on from, null if there is none. */
  Checkpoint found() {
    try {
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "expected a place for a file, found a directory");
      }
      return Files.exists(file) ? Checkpoint.load(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a checkpoint in place of the one before. */
  void write(Checkpoint checkpoint) {
    try {
      OutputFolder.make(file);
      checkpoint.save(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Training has come to its end. */
  void end() {
    try {
      if (!kept) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
