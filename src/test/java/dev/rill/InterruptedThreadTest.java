package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Interrupts;
import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.training.BackupAndRestore;
import dev.rill.training.Callback;
import dev.rill.training.Checkpoint;
import dev.rill.training.CsvLog;
import dev.rill.training.Fit;
import dev.rill.training.FitContext;
import dev.rill.training.LambdaCallback;
import dev.rill.training.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of an interrupted thread it does, and is interrupted still: it may be about to save its work. */
class InterruptedThreadTest {
  private static final Tensor X = Tensor.zeros(2, 5, 3);
  private static final Tensor Y = Tensor.zeros(2, 1);

  @TempDir
  private Path folder;

  private static Model model() {
    Model model = Sequential.of(Input.shape(5, 3), new LSTM(4), new Dense(1));
    model.compile("adam", "mse");
    model.trainOnBatch(X, Y);
    return model;
  }

  @Test
  void filesAreWrittenAndRead() {
    Model model = model();
    float[] weights = model.predict(X).toArray();
    Interrupts.during(() -> {
      model.save(folder.resolve("model.keras"));
      model.saveWeights(folder.resolve("model.weights.h5"));
      model.checkpoint(1).save(folder.resolve("checkpoint"));
      Npy.write(folder.resolve("x.npy"), NpyArray.of(new float[1000], 1000));
      Npz.write(folder.resolve("x.npz"), Map.of("x", NpyArray.of(new float[1000], 1000)));
      Model loaded = Model.load(folder.resolve("model.keras"));
      loaded.loadWeights(folder.resolve("model.weights.h5"));
      assertArrayEquals(weights, loaded.predict(X).toArray());
      assertEquals(1, Checkpoint.load(folder.resolve("checkpoint")).epochs());
      assertEquals(1000, Npy.read(folder.resolve("x.npy")).size());
      try (Npz npz = Npz.open(folder.resolve("x.npz"))) {
        assertEquals(1000, npz.array("x").size());
      }
    });
  }

  @Test
  void aLogGoesOn() throws IOException {
    Path log = folder.resolve("log.csv");
    Files.writeString(log, "epoch,loss,val_loss\r\n0,0.5,NA");
    model().fit(X, Y, new Fit().epochs(2).verbosity(0).callbacks(new LambdaCallback().atEpochEnd((run, logs) -> {
      if (run.epoch() == 1) {
        Thread.currentThread().interrupt();
      }
    }), new CsvLog(log, ",", true)));
    assertTrue(Thread.interrupted());
    assertEquals(4, Files.readAllLines(log).size());
  }

  @Test
  void trainingWithABackupEndsAndGoesOnLater() throws IOException {
    Path backup = folder.resolve("backup");
    Path log = folder.resolve("log.csv");
    Model model = model();
    RillException ended = assertThrows(RillException.class, () -> model.fit(X, Y, new Fit().epochs(10).verbosity(0).callbacks(
        new CsvLog(log), BackupAndRestore.in(backup), new LambdaCallback().atEpochEnd((run, logs) -> {
          if (run.epoch() == 2) {
            Thread.currentThread().interrupt();
          }
        }))));
    assertTrue(Thread.interrupted());
    assertTrue(ended.getMessage().contains("epoch 3 of 10"), ended.getMessage());
    assertEquals(3, Checkpoint.load(backup).epochs());
    model.fit(X, Y, new Fit().epochs(10).verbosity(0).callbacks(new CsvLog(log), BackupAndRestore.in(backup), new LambdaCallback()));
    assertEquals(List.of("epoch", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        Files.readAllLines(log).stream().map(line -> line.split(",")[0]).toList());
  }

  @Test
  void anEpochWhoseBatchesAreTrainedIsValidatedAndBackedUp() throws IOException {
    Fit options = new Fit().epochs(4).batchSize(1).verbosity(0).validation(List.of(X), List.of(Y));
    Model model = model();
    model.fit(X, Y, options);
    float[] straight = model.predict(X).toArray();
    Callback inTheLastBatch = new LambdaCallback().atTrainBatchEnd((run, logs) -> interrupt(run.epoch() == 1 && run.batch() == 1));
    Callback inValidation = new Callback() {
      @Override
      public void onTestBatchEnd(FitContext run, Logs logs) {
        interrupt(run.epoch() == 1 && run.batch() == 0);
      }
    };
    for (Callback interrupts : List.of(inTheLastBatch, inValidation)) {
      Path backup = folder.resolve("backup");
      Path log = folder.resolve("log.csv");
      RillException ended = assertThrows(RillException.class,
          () -> model().fit(X, Y, options.callbacks(new CsvLog(log), BackupAndRestore.in(backup), interrupts)));
      assertTrue(Thread.interrupted());
      assertTrue(ended.getMessage().contains("epoch 2 of 4"), ended.getMessage());
      Model again = model();
      again.fit(X, Y, options.callbacks(new CsvLog(log), BackupAndRestore.in(backup)));
      Samples.assertBits(straight, again.predict(X).toArray(), "outputs");
      assertEquals(5, Files.readAllLines(log).size());
    }
  }

  private static void interrupt(boolean now) {
    if (now) {
      Thread.currentThread().interrupt();
    }
  }
}
