package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.LSTM;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.BackupAndRestore;
import dev.rill.training.Callback;
import dev.rill.training.CallbackState;
import dev.rill.training.Checkpoint;
import dev.rill.training.CsvLog;
import dev.rill.training.EarlyStopping;
import dev.rill.training.Fit;
import dev.rill.training.FitContext;
import dev.rill.training.History;
import dev.rill.training.LambdaCallback;
import dev.rill.training.LearningRateScheduler;
import dev.rill.training.Logs;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Mode;
import dev.rill.training.ModelCheckpoint;
import dev.rill.training.ReduceOnPlateau;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that is interrupted, somewhere and more than once, brings what training in one go brings: to the bit and to the file. */
class ResumedCallbacksTest {
  private static final int EPOCHS = 9;

  @TempDir
  Path folder;

  /** Remembers the largest loss, and writes down what it is told. */
  private static class Worst extends Callback {
    /** Null before training begins. */
    private Double worst;

    @Override
    public void onTrainBegin(FitContext run) {
      worst = Double.NEGATIVE_INFINITY;
    }

    @Override
    public void onEpochEnd(FitContext run, Logs logs) {
      worst = Math.max(worst, logs.get("loss"));
      logs.put("worst", worst);
    }

    @Override
    public CallbackState state() {
      return new CallbackState().put("worst", worst);
    }

    @Override
    public void restore(CallbackState state) {
      worst = state.number("worst");
    }
  }

  /** Changes what it is given. */
  private static final class Spoiling extends Worst {
    @Override
    public void restore(CallbackState state) {
      super.restore(state);
      state.put("worst", "spoilt");
    }
  }

  /** Everything that a run leaves behind. */
  private record Result(History history, byte[] model, String log, List<float[]> best, int bestEpoch, int stoppedEpoch) {}

  private static Sequential model() {
    Sequential model = Sequential.of(Input.shape(4, 2), new LSTM(3), new Dropout(0.3), new Dense(1));
    model.initialize(1);
    model.compile(new Adam(0.02), new MeanSquaredError(), Metric.named("mae"));
    return model;
  }

  /** One run of a program, which begins anew with objects of its own each time it is started. */
  private Result run(Path in, boolean stops, int place, Callback crash) throws IOException {
    Sequential model = model();
    EarlyStopping stopping = new EarlyStopping("loss").patience(stops ? 3 : 100).restoreBestWeights(true);
    List<Callback> callbacks = new ArrayList<>(List.of(new Worst(),
        new LearningRateScheduler((epoch, rate) -> epoch == 3 ? 0.5 : rate),
        new ReduceOnPlateau("loss").patience(1).cooldown(1).factor(0.5),
        ModelCheckpoint.model(in + "/best.keras").best("loss", Mode.MIN),
        ModelCheckpoint.weights(in + "/{epoch}-{batch}.weights.h5").everyBatches(5), stopping, new CsvLog(in.resolve("log.csv")),
        crash));
    callbacks.add(place, BackupAndRestore.in(in.resolve("backup/of/the/run.ckpt")));
    History history = model.fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1), new Fit().epochs(EPOCHS).batchSize(4).seed(3).verbosity(0)
        .validation(List.of(Samples.tensor(3, 5, 4, 2)), List.of(Samples.tensor(4, 5, 1))).callbacks(callbacks.toArray(new Callback[0])));
    Path all = folder.resolve("all");
    model.checkpoint(0).save(all);
    List<float[]> best = new ArrayList<>();
    best.add(Model.load(in.resolve("best.keras")).weights().values());
    try (Stream<Path> files = Files.list(in)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".weights.h5")).sorted().toList()) {
        Sequential saved = model();
        saved.loadWeights(file);
        best.add(saved.weights().values());
      }
    }
    assertFalse(Files.exists(in.resolve("backup/of/the/run.ckpt")));
    return new Result(history, Files.readAllBytes(all), Files.readString(in.resolve("log.csv")), best, stopping.bestEpoch(),
        stopping.stoppedEpoch());
  }

  private static void assertSame(Result expected, Result actual) {
    assertEquals(expected.history().epochs(), actual.history().epochs());
    assertEquals(expected.history().toString(), actual.history().toString());
    assertEquals(expected.log(), actual.log());
    assertArrayEquals(expected.model(), actual.model());
    assertArrayEquals(expected.best().toArray(), actual.best().toArray());
    assertEquals(expected.bestEpoch(), actual.bestEpoch());
    assertEquals(expected.stoppedEpoch(), actual.stoppedEpoch());
  }

  private static void powerCut(List<String> cuts, String now) {
    if (cuts.remove(now)) {
      throw new IllegalStateException("power cut");
    }
  }

  private static Callback cuts(List<String> cuts) {
    return new LambdaCallback().atTrainBegin(run -> powerCut(cuts, "begin")).atEpochBegin(run -> powerCut(cuts, "epoch " + run.epoch()))
        .atTrainBatchEnd((run, logs) -> powerCut(cuts, "batch " + run.epoch()))
        .atEpochEnd((run, logs) -> powerCut(cuts, "end " + run.epoch())).atTrainEnd((run, logs) -> powerCut(cuts, "done"));
  }

  /** Starts the program until it has come to its end. */
  private Result runs(Path in, boolean stops, int place, String... cuts) throws IOException {
    List<String> left = Collections.synchronizedList(new ArrayList<>(List.of(cuts)));
    for (int started = 0; started <= cuts.length; started++) {
      try {
        return run(Files.createDirectories(in), stops, place, cuts(left));
      } catch (IllegalStateException e) {
        assertEquals("power cut", e.getMessage());
      }
    }
    throw new AssertionError("the program never came to its end");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptionLeavesNoTrace(boolean stops) throws IOException {
    Result whole = runs(folder.resolve("whole"), stops, 0);
    int last = whole.history().epochs().size() - 1;
    assertEquals(stops, last < EPOCHS - 1, "the case is to be one in which training " + (stops ? "stops" : "goes on"));
    assertTrue(whole.history().get("learning_rate").stream().distinct().count() > 2, "the rate is to fall");
    for (int epoch = 0; epoch <= last; epoch++) {
      String where = List.of("epoch ", "batch ", "end ").get((stops ? epoch + 1 : epoch) % 3) + epoch;
      assertSame(whole, runs(folder.resolve(where), stops, epoch % 8, where));
    }
    assertSame(whole, runs(folder.resolve("begin"), stops, 8, "begin"));
    assertSame(whole, runs(folder.resolve("done"), stops, 8, "done"));
    assertSame(whole, runs(folder.resolve("often"), stops, 4, "begin", "end 0", "batch 1", "epoch 2", "end 3", "end 4", "batch 5",
        "done"));
  }

  @Test
  void aLogThatIsAppendedToHoldsEachEpochOnce() throws IOException {
    Path log = folder.resolve("log.csv");
    String before = "epoch,loss,mae,val_loss,val_mae\r\n0,1.0,1.0,NA,NA\r\n";
    for (String where : List.of("end 0", "end 1", "end 2")) {
      Files.writeString(log, before);
      List<String> cuts = new ArrayList<>(List.of(where));
      for (int started = 0; started < 2; started++) {
        try {
          model().fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1), new Fit().epochs(3).verbosity(0).callbacks(
              BackupAndRestore.in(folder.resolve("run.ckpt")), new CsvLog(log, ",", true), cuts(cuts)));
        } catch (IllegalStateException e) {
          assertEquals("power cut", e.getMessage());
        }
      }
      List<String> lines = Files.readString(log).substring(before.length()).lines().toList();
      assertEquals(List.of("0", "1", "2"), lines.stream().map(line -> line.substring(0, line.indexOf(','))).toList());
    }
  }

  @Test
  void aCheckpointOfModelAndCallbacksGoesOnWithBoth() throws IOException {
    Path file = folder.resolve("both.ckpt");
    Fit options = new Fit().epochs(8).batchSize(4).verbosity(0);
    EarlyStopping whole = new EarlyStopping("loss").patience(3).minDelta(1);
    Model straight = model();
    History history = straight.fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1), options.callbacks(new Worst(), whole));
    assertEquals(List.of(0, 1, 2, 3), history.epochs());

    EarlyStopping first = new EarlyStopping("loss").patience(3).minDelta(1);
    Worst worst = new Worst();
    Model model = model();
    model.fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1), options.epochs(2).callbacks(worst, first));
    model.checkpoint(2, worst, first).save(file);
    EarlyStopping second = new EarlyStopping("loss").patience(3).minDelta(1);
    Model again = model();
    History tail = again.fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1),
        options.resume(Checkpoint.load(file)).callbacks(new Worst(), second));
    assertEquals(List.of(2, 3), tail.epochs());
    assertEquals(history.get("worst").subList(2, 4), tail.get("worst"));
    assertEquals(3, second.stoppedEpoch());
    assertArrayEquals(straight.weights().values(), again.weights().values());
    // Alone, the model is what it was and the callbacks begin anew.
    Model alone = model();
    alone.resume(Checkpoint.load(file));
    assertEquals(List.of(2, 3, 4, 5), alone.fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1), options.initialEpoch(2)
        .callbacks(new EarlyStopping("loss").patience(3).minDelta(1))).epochs());
  }

  private void assertRefused(String reason, Callback... callbacks) throws IOException {
    Path file = folder.resolve("run.ckpt");
    byte[] before = Files.readAllBytes(file);
    Sequential model = model();
    float[] weights = model.weights().values().clone();
    List<Callback> all = new ArrayList<>(List.of(callbacks));
    all.add(BackupAndRestore.in(file));
    StateException e = assertThrows(StateException.class, () -> model.fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1),
        new Fit().epochs(3).verbosity(0).callbacks(all.toArray(new Callback[0]))));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertArrayEquals(weights, model.weights().values());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void whatOtherCallbacksRememberIsRefused() throws IOException {
    Path log = folder.resolve("log.csv");
    Fit options = new Fit().epochs(2).verbosity(0);
    model().fit(Samples.tensor(1, 12, 4, 2), Samples.tensor(2, 12, 1), options.callbacks(new EarlyStopping("loss"), new EarlyStopping("mae"),
        new CsvLog(log), BackupAndRestore.in(folder.resolve("run.ckpt")).keep()));
    String lines = Files.readString(log);
    assertRefused("CsvLog]; those of this fit that remember something are []");
    assertRefused("begin them anew", new EarlyStopping("loss"), new EarlyStopping("mae"), new Worst());
    assertRefused("watches mae, in the checkpoint it watches loss", new EarlyStopping("mae"), new EarlyStopping("loss"),
        new CsvLog(log));
    assertRefused("does not hold the", new EarlyStopping("loss"), new EarlyStopping("mae"), new CsvLog(folder.resolve("other.csv")));
    assertEquals(lines, Files.readString(log));
    Files.writeString(log, "epoch");
    assertRefused("put the file back", new EarlyStopping("loss"), new EarlyStopping("mae"), new CsvLog(log));
    assertEquals("epoch", Files.readString(log));
  }

  @Test
  void aCheckpointServesAnyNumberOfRuns() {
    Fit options = new Fit().epochs(2).batchSize(4).verbosity(0);
    Worst worst = new Spoiling();
    Model model = model();
    Tensor x = Samples.tensor(1, 12, 4, 2);
    Tensor y = Samples.tensor(2, 12, 1);
    model.fit(x, y, options.callbacks(worst));
    Checkpoint checkpoint = model.checkpoint(2, worst);
    Fit resumed = options.epochs(4).resume(checkpoint).initialEpoch(3);
    assertEquals(List.of(2, 3), model().fit(x, y, resumed.callbacks(worst)).epochs());
    assertEquals(List.of(2, 3), model().fit(x, y, resumed.callbacks(worst)).epochs());
  }
}
