package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.AdamW;
import dev.rill.training.BackupAndRestore;
import dev.rill.training.Callback;
import dev.rill.training.Checkpoint;
import dev.rill.training.ExponentialDecay;
import dev.rill.training.Fit;
import dev.rill.training.History;
import dev.rill.training.LambdaCallback;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Nadam;
import dev.rill.training.Optimizer;
import dev.rill.training.RMSprop;
import dev.rill.training.SGD;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training that is interrupted and goes on from a file: the same bits as training in one go. */
class CheckpointTest {
  private static final int SAMPLES = 12;
  private static final int ROWS = 4;
  private static final int STEPS = 3;

  @TempDir
  Path folder;

  static List<Optimizer> optimizers() {
    return List.of(new SGD(0.1), new SGD(0.1, 0.9, true), new RMSprop(0.01), new RMSprop(0.01, 0.9, 0.5, 1e-7, true),
        new Adam(0.01), new Adam(0.01, 0.9, 0.999, 1e-7, true), new AdamW(0.01, 0.004), new Nadam(0.01), new Adagrad(0.1),
        new Adam(0.01).schedule(new ExponentialDecay(0.01, 3, 0.5, false)).globalClipNorm(0.1));
  }

  private static Model stateful(Optimizer optimizer) {
    Model model = Sequential.of(Input.batchShape(ROWS, STEPS, 2), new LSTM(3).stateful(true).returnSequences(true),
        new Dropout(0.4), new LSTM(2).stateful(true), new Dense(1));
    return compiled(model, optimizer);
  }

  private static Model stateless(Optimizer optimizer) {
    return compiled(Sequential.of(Input.shape(STEPS, 2), new GRU(3), new Dropout(0.4), new Dense(1)), optimizer);
  }

  private static Model compiled(Model model, Optimizer optimizer) {
    model.initialize(5);
    model.compile(optimizer, new MeanSquaredError(), Metric.named("mae"));
    model.trainer().seed(17);
    return model;
  }

  private static History fit(Model model, Fit options) {
    Tensor x = Tensor.of(Samples.floats(1, SAMPLES * STEPS * 2, 1), SAMPLES, STEPS, 2);
    Tensor y = Tensor.of(Samples.floats(2, SAMPLES, 1), SAMPLES, 1);
    return model.fit(x, y, options.batchSize(ROWS).seed(23).verbosity(0));
  }

  /** Everything there is, as a file: equal if weights, states, optimizer and counters are. */
  private byte[] bytes(Model model) throws IOException {
    Path file = folder.resolve("all");
    model.checkpoint(4).save(file);
    return Files.readAllBytes(file);
  }

  private static void assertTail(History whole, History tail) {
    assertEquals(List.of(2, 3), tail.epochs());
    for (String name : whole.names()) {
      assertEquals(whole.get(name).subList(2, 4), tail.get(name));
    }
  }

  private void assertGoesOn(Model straight, Model first, Model second) throws IOException {
    Path file = folder.resolve("run");
    History whole = fit(straight, new Fit().epochs(4));
    fit(first, new Fit().epochs(2));
    first.checkpoint(2).save(file);
    Checkpoint saved = Checkpoint.load(file);
    // Nothing of the new model's own may be left.
    second.initialize(99);
    second.trainer().seed(99);
    fit(second, new Fit().epochs(1));
    second.resume(saved);
    assertTail(whole, fit(second, new Fit().epochs(4).initialEpoch(saved.epochs())));
    assertArrayEquals(bytes(straight), bytes(second));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aStatefulModelGoesOnToTheBit(Optimizer optimizer) throws IOException {
    assertGoesOn(stateful(optimizer), stateful(optimizer), stateful(optimizer));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aShuffledModelGoesOnToTheBit(Optimizer optimizer) throws IOException {
    assertGoesOn(stateless(optimizer), stateless(optimizer), stateless(optimizer));
  }

  @Test
  void aRunThatIsInterruptedGoesOnWhereItWas() throws IOException {
    Path file = folder.resolve("backup");
    Model straight = stateful(new Adam(0.01));
    History whole = fit(straight, new Fit().epochs(4));
    Callback crash = new LambdaCallback().atEpochEnd((run, logs) -> {
      if (run.epoch() == 2) {
        throw new IllegalStateException("crash");
      }
    });
    assertThrows(IllegalStateException.class, () ->
        fit(stateful(new Adam(0.01)), new Fit().epochs(4).callbacks(crash, BackupAndRestore.in(file))));
    assertTrue(Files.exists(file));

    Model again = stateful(new Adam(0.01));
    assertEquals(whole.toString(), fit(again, new Fit().epochs(4).callbacks(BackupAndRestore.in(file))).toString());
    assertArrayEquals(bytes(straight), bytes(again));
    assertFalse(Files.exists(file), "a run that has come to its end needs no backup");
  }

  @Test
  void aBackupThatIsKeptGoesOnWithMoreEpochs() throws IOException {
    Path file = folder.resolve("backup");
    BackupAndRestore backup = BackupAndRestore.in(file).keep();
    Model straight = stateless(new Nadam(0.01));
    History whole = fit(straight, new Fit().epochs(4));
    fit(stateless(new Nadam(0.01)), new Fit().epochs(2).callbacks(backup));
    Model again = stateless(new Nadam(0.01));
    assertEquals(whole.toString(), fit(again, new Fit().epochs(4).callbacks(backup)).toString());
    assertArrayEquals(bytes(straight), bytes(again));
    assertEquals(4, Checkpoint.load(file).epochs());
    assertEquals(whole.epochs(), fit(again, new Fit().epochs(4).callbacks(backup)).epochs());
    assertArrayEquals(bytes(straight), bytes(again));
  }

  @Test
  void aLearningRateThatWasSetIsKept() {
    Model model = stateless(new SGD(0.1));
    model.trainer().optimizer().learningRate(0.025);
    Model other = stateless(new SGD(0.1));
    other.resume(model.checkpoint(0));
    assertEquals(0.025f, other.trainer().optimizer().learningRate());
  }

  @Test
  void anotherStructureOrOptimizerIsRefusedBeforeAnythingChanges() throws IOException {
    Model model = stateful(new Adam(0.01));
    fit(model, new Fit());
    Checkpoint checkpoint = model.checkpoint(1);
    assertRefused(stateful(new AdamW(0.01, 0.004)), checkpoint, "another optimizer: expected AdamW");
    assertRefused(stateful(new Adam(0.01, 0.9, 0.999, 1e-7, true)), checkpoint, "another optimizer");
    assertRefused(stateless(new Adam(0.01)), checkpoint, "another structure: expected gru GRU");
    Model wider = compiled(Sequential.of(Input.batchShape(ROWS, STEPS, 2), new LSTM(4).stateful(true).returnSequences(true),
        new Dropout(0.4), new LSTM(2).stateful(true), new Dense(1)), new Adam(0.01));
    assertRefused(wider, checkpoint, "lstm");
    RillException e = assertThrows(RillException.class, () ->
        Sequential.of(Input.shape(STEPS, 2), new LSTM(3)).resume(checkpoint));
    assertTrue(e.getMessage().contains("call compile"), e.getMessage());
  }

  private void assertRefused(Model model, Checkpoint checkpoint, String what) throws IOException {
    byte[] before = bytes(model);
    StateException e = assertThrows(StateException.class, () -> model.resume(checkpoint));
    assertTrue(e.getMessage().contains(what), e.getMessage());
    assertArrayEquals(before, bytes(model));
  }

  @Test
  void statesThatDoNotFitLeaveTheModelAsItWas() throws IOException {
    Model model = stateful(new Adam(0.01));
    fit(model, new Fit());
    Checkpoint good = model.checkpoint(1);
    State states = good.states();
    Path file = folder.resolve("states");
    for (State bad : List.of(State.of(states.planes(), 0, 0, new float[0], new float[0], new float[0], new float[0]),
        State.of(states.planes().subList(0, 2), 1, 0, new float[3], new float[3]))) {
      Files.write(file, withStates(good, bad));
      Model other = stateful(new Adam(0.01));
      byte[] before = bytes(other);
      assertThrows(StateException.class, () -> other.resume(Checkpoint.load(file)));
      assertArrayEquals(before, bytes(other));
    }
  }

  /** The file of a checkpoint with other states. */
  private byte[] withStates(Checkpoint checkpoint, State states) throws IOException {
    Path file = folder.resolve("good");
    checkpoint.save(file);
    byte[] good = Files.readAllBytes(file);
    byte[] head = Arrays.copyOf(good, good.length - 4 - checkpoint.states().toBytes().length - 4);
    ByteBuffer all = ByteBuffer.allocate(head.length + 4 + states.toBytes().length + 4).order(ByteOrder.LITTLE_ENDIAN);
    all.put(head).putInt(states.toBytes().length).put(states.toBytes());
    CRC32C crc = new CRC32C();
    crc.update(all.array(), 0, all.position());
    return all.putInt((int) crc.getValue()).array();
  }

  @Test
  void aFolderThatIsMissingIsMadeAndOneThatCannotBeIsRefusedBeforeTraining() throws IOException {
    int[] epochs = {0};
    Callback counts = new LambdaCallback().atEpochBegin(run -> epochs[0]++);
    fit(stateless(new SGD(0.1)), new Fit().epochs(3).callbacks(BackupAndRestore.in(folder.resolve("a/b/run")).keep(), counts));
    assertEquals(3, epochs[0]);
    assertEquals(3, Checkpoint.load(folder.resolve("a/b/run")).epochs());
    Files.writeString(folder.resolve("file"), "");
    for (String place : List.of("file/run", "a/b")) {
      assertThrows(UncheckedIOException.class, () ->
          fit(stateless(new SGD(0.1)), new Fit().callbacks(BackupAndRestore.in(folder.resolve(place)), counts)));
    }
    assertEquals(3, epochs[0]);
  }

  @Test
  void anInterruptedThreadWritesAllTheSame() throws IOException {
    Path file = folder.resolve("run");
    Checkpoint checkpoint = stateless(new Adam(0.01)).checkpoint(1);
    checkpoint.save(file);
    byte[] before = Files.readAllBytes(file);
    Thread.currentThread().interrupt();
    checkpoint.save(file);
    assertTrue(Thread.interrupted());
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(1, folder.toFile().list().length, "a draft has been left behind");
  }
}
