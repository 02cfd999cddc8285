package dev.rill.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes training safe against a crash: writes a {@link Checkpoint} after every epoch and, at the start, goes on from the one that
 * it finds, at the epoch behind it. The same program, started again, ends with the same bits as if it had not been interrupted;
 * its history holds the epochs that it ran itself.
 *
 * <p>Name it last: what callbacks behind it change at the end of an epoch is not in the checkpoint. Callbacks that remember
 * something start anew, see there.
 *
 * <p>A file that cannot be read or written ends training by an {@link UncheckedIOException}; one that is damaged, or of another
 * model, by a {@link dev.rill.tensor.FormatException} or {@link dev.rill.tensor.StateException} before anything changes.
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
   * Leaves the last checkpoint when training has come to its end, so that a later run with more epochs goes on from it.
   *
   * @return this
   */
  public BackupAndRestore keep() {
    kept = true;
    return this;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    if (Files.exists(file)) {
      try {
        Checkpoint checkpoint = Checkpoint.load(file);
        run.trainee().resume(checkpoint);
        run.epoch(checkpoint.epochs());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    try {
      run.trainee().checkpoint(run.epoch() + 1).save(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onTrainEnd(FitContext run, Logs logs) {
    if (!kept) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
