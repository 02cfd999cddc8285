package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Batch;
import dev.rill.training.Fit;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.ModelCheckpoint;
import dev.rill.training.SGD;
import dev.rill.training.StreamData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training loop on real models; its own rules are tested beside it. */
class FitTest {
  private static final Fit SILENT = new Fit().verbosity(0);

  private static Sequential stateful(int rows, int steps) {
    Sequential model = Sequential.of(Input.batchShape(rows, steps, 1), new LSTM(6).stateful(true).returnSequences(true),
        new Dense(1));
    model.initialize(4);
    model.compile(new SGD(0.1), new MeanSquaredError());
    return model;
  }

  @Test
  void validationChangesNoBitOfTraining() {
    Tensor x = Samples.tensor(1, 8, 5, 1);
    Tensor y = Samples.tensor(2, 8, 5, 1);
    Sequential plain = stateful(2, 5);
    plain.fit(x, y, SILENT.batchSize(2).epochs(3));
    Sequential validated = stateful(2, 5);
    var history = validated.fit(x, y,
        SILENT.batchSize(2).epochs(3).validation(List.of(Samples.tensor(3, 4, 5, 1)), List.of(Samples.tensor(4, 4, 5, 1))));

    assertArrayEquals(plain.weights().values(), validated.weights().values());
    assertArrayEquals(plain.layer("lstm").states().get(0).toArray(), validated.layer("lstm").states().get(0).toArray());
    assertEquals(3, history.get("val_loss").size());
  }

  @Test
  void aStatefulModelIsNotShuffled() {
    Sequential model = stateful(2, 5);
    RillException e = assertThrows(RillException.class,
        () -> model.fit(Samples.tensor(1, 8, 5, 1), Samples.tensor(2, 8, 5, 1), SILENT.batchSize(2).shuffle(true)));
    assertTrue(e.getMessage().contains("never shuffled"), e.getMessage());
  }

  @Test
  void windowsOfStreamsAreWhatTheStreamsAreByThemselves() {
    // A stream of 7 steps and, in its row behind it, one of 5: 12 steps in windows of 4, with a reset in mid-window.
    Tensor first = Samples.tensor(5, 7, 1);
    Tensor second = Samples.tensor(6, 5, 1);
    StreamData data = StreamData.of(List.of(first, second), List.of(Samples.tensor(7, 7, 1), Samples.tensor(8, 5, 1))).rows(1).steps(4);
    Sequential model = stateful(1, 4);
    model.compile(new SGD(0), new MeanSquaredError());
    double loss = model.fit(data, SILENT).get("loss").get(0);

    Sequential alone = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new LSTM(6).returnSequences(true),
        new Dense(1));
    alone.initialize(4);
    alone.compile(new SGD(0), new MeanSquaredError());
    double one = alone.testOnBatch(batch(first, Samples.tensor(7, 7, 1))).get("loss");
    double other = alone.testOnBatch(batch(second, Samples.tensor(8, 5, 1))).get("loss");
    assertEquals((7 * one + 5 * other) / 12, loss, 1e-6);
  }

  @Test
  void streamsAreCutAsTheModelsInputSays() {
    StreamData data = StreamData.of(List.of(Samples.tensor(5, 7, 1)), List.of(Samples.tensor(7, 7, 1)));
    Sequential model = stateful(1, 4);
    model.compile(new SGD(0), new MeanSquaredError());
    double loss = model.evaluate(data.steps(4)).get("loss");
    model.resetStates();
    assertEquals(loss, model.evaluate(data).get("loss"));
    model.resetStates();
    assertEquals(loss, model.fit(data, SILENT.validation(data)).get("val_loss").get(0));
    assertThrows(RillException.class, () -> model.evaluate(data.steps(3)));
    Sequential any = stateful(1, Shape.UNKNOWN);
    assertEquals(loss, any.evaluate(data).get("loss"), 1e-6);
  }

  @Test
  void targetsWithAnotherTimeAxisAreRefusedWithWhatToDo() {
    Sequential every = stateful(2, 5);
    Sequential last = Sequential.of(Input.shape(5, 1), new LSTM(2), new Dense(1));
    last.compile(new SGD(0.1), new MeanSquaredError());
    assertAdvice("without returnSequences(true)", every, Samples.tensor(2, 2, 1));
    assertAdvice("returnSequences(true) in the last recurrent layer", last, Samples.tensor(2, 2, 5, 1));
    assertAdvice("targetsAtEnd() of StreamData", last, Samples.tensor(2, 2, 5, 1));
  }

  private static void assertAdvice(String advice, Model model, Tensor targets) {
    RillException e = assertThrows(RillException.class, () -> model.trainOnBatch(Samples.tensor(1, 2, 5, 1), targets));
    assertTrue(e.getMessage().contains(advice), e.getMessage());
  }

  private static Batch batch(Tensor x, Tensor y) {
    int steps = x.shape().axis(0);
    return Batch.of(List.of(Tensor.of(x.toArray(), 1, steps, 1)), List.of(Tensor.of(y.toArray(), 1, steps, 1)));
  }

  @Test
  void aCheckpointIsAModelThatLoads(@TempDir Path folder) throws Exception {
    Sequential model = stateful(2, 5);
    Path file = folder.resolve("last.keras");
    model.fit(Samples.tensor(1, 8, 5, 1), Samples.tensor(2, 8, 5, 1), SILENT.batchSize(2).epochs(2).callbacks(ModelCheckpoint.model(file.toString())));
    assertTrue(Files.exists(file));
    assertArrayEquals(model.weights().values(), Model.load(file).weights().values());
  }

  @Test
  void aModelThatAFileCannotHoldIsRefusedBeforeTraining(@TempDir Path folder) {
    Sequential model = stateful(2, 5);
    model.compile(new SGD().schedule(iteration -> 0.1), new MeanSquaredError());
    float[] before = model.weights().values().clone();
    Fit options = SILENT.batchSize(2).callbacks(ModelCheckpoint.model(folder + "/last.keras"));
    assertThrows(UnsupportedException.class, () -> model.fit(Samples.tensor(1, 8, 5, 1), Samples.tensor(2, 8, 5, 1), options));
    assertArrayEquals(before, model.weights().values());
  }
}
