package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks that write files, set rates, reset states or end training. */
class CallbacksTest {
  @TempDir
  Path folder;

  private static FitContext run(int epoch) {
    FitContext run = new FitContext(new FakeTrainable(false), 9, true);
    run.epoch(epoch);
    return run;
  }

  @Test
  void aCsvLogIsWhatKerasWrites() throws IOException {
    Path file = folder.resolve("log.csv");
    CsvLog log = new CsvLog(file);
    log.onTrainBegin(run(0));
    log.onEpochEnd(run(0), new Logs().put("loss", 0.1).put("accuracy", 1e-5));
    log.onEpochEnd(run(1), new Logs().put("loss", Double.NaN).put("accuracy", 1e16).put("val_loss", 1 / 3.));
    String first = "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,1e-05,0.1,NA,NA\r\n1,1e+16,nan,NA,0.3333333333333333\r\n";
    assertEquals(first, Files.readString(file));
    CsvLog more = new CsvLog(file, ",", true);
    more.onTrainBegin(run(2));
    more.onEpochEnd(run(2), new Logs().put("loss", 2).put("accuracy", 0.5).put("val_loss", 3).put("val_accuracy", -0.25));
    assertEquals(first + "2,0.5,2.0,-0.25,3.0\r\n", Files.readString(file));
    log.onTrainBegin(run(0));
    assertEquals("", Files.readString(file));
  }

  private static void append(Path file, String separator, int epoch, Logs logs) {
    CsvLog log = new CsvLog(file, separator, true);
    log.onTrainBegin(run(epoch));
    log.onEpochEnd(run(epoch), logs);
  }

  @Test
  void aLogIsAppendedToUnderTheNamesOfItsOwnFigures() throws IOException {
    Path file = folder.resolve("log.csv");
    Logs one = new Logs().put("loss", 1).put("val_loss", 2);
    Logs two = new Logs().put("loss", 3).put("mae", 4).put("val_loss", 5).put("val_mae", 6);
    append(file, ",", 0, one);
    append(file, ",", 0, two);
    append(file, ",", 1, two);
    append(file, ",", 0, one);
    String expected = "epoch,loss,val_loss\r\n0,1.0,2.0\r\nepoch,loss,mae,val_loss,val_mae\r\n0,3.0,4.0,5.0,6.0\r\n"
        + "1,3.0,4.0,5.0,6.0\r\nepoch,loss,val_loss\r\n0,1.0,2.0\r\n";
    assertEquals(expected, Files.readString(file));
    append(file, ";", 1, one);
    assertEquals(expected + "epoch;loss;val_loss\r\n1;1.0;2.0\r\n", Files.readString(file));
  }

  @Test
  void aLogThatWasCutOffInALineGoesOnInTheNext() throws IOException {
    Path file = folder.resolve("log.csv");
    Files.writeString(file, "epoch,loss,val_loss\n0,1.0");
    append(file, ",", 1, new Logs().put("loss", 2).put("val_loss", 3));
    assertEquals("epoch,loss,val_loss\n0,1.0\r\n1,2.0,3.0\r\n", Files.readString(file));
  }

  @Test
  void aNameStaysOneColumnOfOneLine() throws IOException {
    Path file = folder.resolve("log.csv");
    append(file, ",", 0, new Logs().put("x\r\n0,0.0_loss", 1).put("y\"\u001b[2J", 2).put("val_z\u2028", 3));
    assertEquals("epoch,val_z\\u2028,\"x\\u000d\\u000a0,0.0_loss\",\"y\"\"\\u001b[2J\"\r\n0,3.0,1.0,2.0\r\n", Files.readString(file));
  }

  @Test
  void aSeparatorThatIsPartOfANumberIsRefused() {
    for (String separator : new String[] {"", "1", "e", ".", "-", "\"", "\n", " a "}) {
      assertThrows(RillException.class, () -> new CsvLog(folder.resolve("log.csv"), separator, false));
    }
  }

  @Test
  void numbersAreTheShortestThatReadBackTheSame() {
    assertEquals(List.of("0.0", "-0.0", "2e-323", "1.7976931348623157e+308", "123456.789", "0.0001", "1.5e-05",
        "2.0000000000000005e-05", "9007199254740992.0", "-inf"),
        Stream.of(0., -0., 2e-323, Double.MAX_VALUE, 123456.789, 1e-4, 1.5e-5, 2.0000000000000005e-5, 0x1p53,
            Double.NEGATIVE_INFINITY).map(CsvLog::number).toList());
  }

  private static void end(ModelCheckpoint callback, FakeTrainable trainee, double... losses) {
    FitContext run = new FitContext(trainee, losses.length, true);
    callback.onTrainBegin(run);
    for (int epoch = 0; epoch < losses.length; epoch++) {
      run.epoch(epoch);
      for (int batch = 0; batch < 3; batch++) {
        run.batch(batch, 3);
        callback.onTrainBatchEnd(run, new Logs().put("loss", losses[epoch]));
      }
      callback.onEpochEnd(run, new Logs().put("val_loss", losses[epoch]));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  @Test
  void aCheckpointBearsEpochAndFigures() throws IOException {
    end(ModelCheckpoint.model(folder + "/{epoch:02d}/at-{val_loss:.2f}.keras"), new FakeTrainable(false), 0.5, 0.25);
    assertEquals(List.of("01/at-0.50.keras", "02/at-0.25.keras"), files());
  }

  @Test
  void onlyTheBestIsSaved() throws IOException {
    end(ModelCheckpoint.weights(folder + "/{epoch}.weights.h5").best("val_loss", Mode.AUTO), new FakeTrainable(false),
        3, 4, 2, 2, 1);
    assertEquals(List.of("1.weights.h5", "3.weights.h5", "5.weights.h5"), files());
    FakeTrainable trainee = new FakeTrainable(false);
    end(ModelCheckpoint.model(folder + "/best.keras").best("val_loss", Mode.MIN).threshold(1), trainee, 3, 4, 2, 2, 1);
    assertEquals(List.of(), trainee.calls);
  }

  @Test
  void batchesAreCountedAcrossEpochs() throws IOException {
    end(ModelCheckpoint.model(folder + "/{epoch}-{batch}.keras").everyBatches(2), new FakeTrainable(false), 1, 1);
    assertEquals(List.of("1-2.keras", "2-1.keras", "2-3.keras"), files());
  }

  @Test
  void fileNamesThatCannotWorkAreRefused() {
    assertThrows(RillException.class, () -> ModelCheckpoint.model("model.onnx"));
    assertThrows(RillException.class, () -> ModelCheckpoint.model("model.weights.h5"));
    assertThrows(RillException.class, () -> ModelCheckpoint.weights("model.keras"));
    for (String name : List.of("{epoch:x}.keras", "{loss:99d}.keras", "{loss:d}.keras", "{epoch:99d}.keras", "{epoch:021d}.keras",
        "{loss:.99f}.keras", "{loss.__class__}.keras", "{0}.keras", "{epoch!r}.keras", "{}.keras", "a\0b.keras", "{epoch.keras",
        "{epoch:03d}/../../model.keras", "run-{loss:.2f}/../model.keras", "model.h5")) {
      assertTrue(assertThrows(RillException.class, () -> ModelCheckpoint.model(name), name).getMessage().startsWith("file name "));
    }
    ModelCheckpoint.model("../{epoch:020d}.keras");
    assertThrows(RillException.class, () -> end(ModelCheckpoint.model(folder + "/{val_los}.keras"), new FakeTrainable(false), 1));
  }

  @Test
  void aFileThatCannotBeWrittenIsNoSecret() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    assertThrows(UncheckedIOException.class,
        () -> end(ModelCheckpoint.model(folder + "/file/model.keras"), new FakeTrainable(false), 1));
    assertThrows(UncheckedIOException.class, () -> new CsvLog(folder.resolve("file/log.csv")).onTrainBegin(run(0)));
  }

  @Test
  void placesThatCannotBeWrittenAreRefusedBeforeTraining() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Files.createDirectories(folder.resolve("folder.keras"));
    for (String name : List.of("file/model.keras", "file/{epoch}.keras", "file/{epoch}/model.keras", "folder.keras")) {
      ModelCheckpoint callback = ModelCheckpoint.model(folder + "/" + name);
      assertThrows(UncheckedIOException.class, () -> callback.onTrainBegin(run(0)), name);
    }
  }

  @Test
  void foldersAreMade() throws IOException {
    ModelCheckpoint.model(folder + "/a/b/{epoch}/model.keras").onTrainBegin(run(0));
    new CsvLog(folder.resolve("c/d/log.csv")).onTrainBegin(run(0));
    assertEquals(List.of("c/d/log.csv"), files());
    assertTrue(Files.isDirectory(folder.resolve("a/b")));
  }

  @Test
  void placesInFileNamesAreFilledAsPythonFillsThem() {
    Logs figures = new Logs().put("epoch", 7).put("loss", 0.125).put("tiny", 1e-7);
    assertEquals("7 007   7 7", new FilePattern("{epoch} {epoch:03d} {epoch:3d} {epoch:0d}").fill(figures));
    assertEquals("0.125 0.12 000.125 1e-07 1.00e-07",
        new FilePattern("{loss} {loss:.2f} {loss:07.3f} {tiny} {tiny:.2e}").fill(figures));
    assertEquals("nan", new FilePattern("{x:.2f}").fill(new Logs().put("x", Double.NaN)));
    assertEquals("0.50", new FilePattern("{größe-1_loss:.2f}").fill(new Logs().put("größe-1_loss", 0.5)));
    assertEquals("1e+300", new FilePattern("{x:.2f}").fill(new Logs().put("x", 1e300)));
  }

  @Test
  void aSchedulerSetsTheRateBeforeAndLogsItAfterAnEpoch() {
    LearningRateScheduler callback = new LearningRateScheduler((epoch, rate) -> epoch == 0 ? rate : rate / 4);
    FitContext run = run(1);
    callback.onEpochBegin(run);
    assertEquals(0.01f / 4, run.trainee().learningRate());
    Logs logs = new Logs();
    callback.onEpochEnd(run, logs);
    assertEquals(0.01f / 4, logs.get("learning_rate"));
  }

  @Test
  void aLossThatIsNoNumberEndsTraining() {
    for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      FitContext run = run(0);
      new TerminateOnNaN().onTrainBatchEnd(run, new Logs().put("loss", 1));
      assertFalse(run.stopping());
      new TerminateOnNaN().onTrainBatchEnd(run, new Logs().put("loss", loss));
      assertTrue(run.stopping());
      assertThrows(RillException.class, () -> new TerminateOnNaN(true).onTrainBatchEnd(run, new Logs().put("loss", loss)));
    }
  }

  private static List<Integer> resets(ResetStates callback) {
    FakeTrainable trainee = new FakeTrainable(true);
    FitContext run = new FitContext(trainee, 1, true);
    return Stream.iterate(0, batch -> batch + 1).limit(7).filter(batch -> {
      trainee.calls.clear();
      run.batch(batch, 7);
      callback.onTrainBatchBegin(run);
      return !trainee.calls.isEmpty();
    }).toList();
  }

  @Test
  void statesAreResetEverySoManyBatches() {
    assertEquals(List.of(0), resets(ResetStates.everyEpoch()));
    assertEquals(List.of(0, 3, 6), resets(ResetStates.everyBatches(3)));
    assertThrows(RillException.class, () -> ResetStates.everyBatches(0));
  }

  @Test
  void functionsMakeACallback() {
    List<String> told = new ArrayList<>();
    LambdaCallback callback = new LambdaCallback().atTrainBegin(run -> told.add("train")).atEpochBegin(run -> told.add("epoch"))
        .atTrainBatchBegin(run -> told.add("batch")).atTrainBatchEnd((run, logs) -> told.add("/batch"))
        .atEpochEnd((run, logs) -> told.add("/epoch")).atTrainEnd((run, logs) -> told.add("/train"));
    LoopTest.fit(new FakeTrainable(false), 3, new Fit().callbacks(callback));
    assertEquals(List.of("train", "epoch", "batch", "/batch", "/epoch", "/train"), told);
  }
}
