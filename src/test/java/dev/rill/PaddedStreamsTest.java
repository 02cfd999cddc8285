package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.layers.Dense;
import dev.rill.variables.L1L2;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.ArrayData;
import dev.rill.training.Batch;
import dev.rill.training.Dataset;
import dev.rill.training.Fit;
import dev.rill.training.History;
import dev.rill.training.Logs;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Objectives;
import dev.rill.training.Reduction;
import dev.rill.training.SGD;
import dev.rill.training.StreamData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What fills up batches of streams leaves no trace in losses, metrics and gradients. */
class PaddedStreamsTest {
  private static final int[] LENGTHS = {7, 5, 1, 12};
  private static final Fit SILENT = new Fit().verbosity(0);

  private static List<Tensor> streams(long seed) {
    return IntStream.range(0, LENGTHS.length).mapToObj(i -> Samples.tensor(seed + i, LENGTHS[i], 1)).toList();
  }

  private static StreamData data() {
    return StreamData.of(streams(10), streams(20));
  }

  private static Sequential model(boolean everyStep) {
    Sequential model = Sequential.of(Input.batchShape(Shape.UNKNOWN, Shape.UNKNOWN, 1),
        new LSTM(3).stateful(true).returnSequences(everyStep), new Dense(1));
    model.initialize(3);
    model.compile(new SGD(0), Objectives.of(new MeanSquaredError()).metrics(Metric.named("mse"))
        .weightedMetrics(Metric.named("mae")));
    return model;
  }

  /** The squared error of each step of each stream, as the stream has it by itself. */
  private static List<double[]> errors() {
    Sequential alone = model(true);
    List<double[]> errors = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      alone.resetStates();
      Tensor p = alone.predict(Tensor.of(streams(10).get(i).toArray(), 1, LENGTHS[i], 1));
      double[] own = new double[LENGTHS[i]];
      for (int t = 0; t < own.length; t++) {
        double error = p.get(0, t, 0) - streams(20).get(i).get(t, 0);
        own[t] = error * error;
      }
      errors.add(own);
    }
    return errors;
  }

  /** Loss and metric of evaluation, training and validation. */
  private static void assertFigures(double expected, Sequential model, Dataset data) {
    Logs logs = model.evaluate(data);
    assertEquals(expected, logs.get("loss"), 1e-6);
    assertEquals(expected, logs.get("mse"), 1e-6);
    model.resetStates();
    History history = model.fit(data, SILENT.epochs(2).validation(data));
    for (String figure : List.of("loss", "val_loss", "mse", "val_mse")) {
      assertEquals(expected, history.get(figure).get(1), 1e-6, figure);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "4, 3", "4, 12", "5, 1", "3, 50"})
  void theLossIsThatOfTheStepsWhateverTheLayout(int rows, int steps) {
    double expected = errors().stream().flatMapToDouble(Arrays::stream).average().orElseThrow();
    assertFigures(expected, model(true), data().rows(rows).steps(steps));
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "4, 5", "6, 12"})
  void soIsThatOfTargetsAtTheEnd(int rows, int steps) {
    double sum = 0;
    int count = 0;
    for (double[] own : errors()) {
      for (int t = own.length - 1; t >= 0; t -= steps) {
        sum += own[t];
        count++;
      }
    }
    assertFigures(sum / count, model(false), data().rows(rows).steps(steps).targetsAtEnd());
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "7"})
  void soIsThatOfWindowsThatOverlap(int rows) {
    StreamData windows = data().steps(4).stride(3).rows(rows);
    Logs one = model(true).evaluate(data().steps(4).stride(3).rows(1));
    assertFigures(one.get("mse"), model(true), windows);
  }

  /** Streams for a model of two outputs, the second of which has targets only in every second batch. */
  private record Two(Dataset one) implements Dataset {
    @Override
    public int batches() {
      return one.batches();
    }

    @Override
    public int batchRows(int index) {
      return one.batchRows(index);
    }

    @Override
    public boolean shuffled() {
      return false;
    }

    @Override
    public Batch batch(int epoch, int index) {
      Batch batch = one.batch(epoch, index);
      Tensor y = batch.y().get(0);
      Tensor all = Tensor.zeros(batch.rows(), y.shape().axis(1));
      Arrays.fill(all.array(), 1);
      Tensor first = batch.weights() == null ? all : batch.weights().get(0);
      Tensor second = index % 2 == 0 ? first : Tensor.zeros(first.shape().toArray());
      return new Batch(batch.x(), List.of(y, y), List.of(first, second), batch.resets(), true);
    }
  }

  @Test
  void eachOfSeveralOutputsHasItsOwnPadding() {
    Symbol in = Input.batchShape(2, 3, 1);
    Symbol h = new LSTM(3).stateful(true).returnSequences(true).apply(in);
    Model model = Model.of(List.of(in), List.of(new Dense(1).named("a").apply(h), new Dense(1).named("b").apply(h)));
    model.initialize(3);
    model.compile(new SGD(0), Objectives.of(new MeanSquaredError()).lossWeights(1, 3).metrics(Metric.named("mse")));
    Dataset data = new Two(data().rows(2).steps(3));
    Logs logs = model.evaluate(data);
    assertEquals(logs.get("a_mse") + 3 * logs.get("b_mse"), logs.get("loss"), 1e-6);
    assertEquals(logs.get("a_mse"), logs.get("a_loss"), 1e-6);
    assertEquals(logs.get("b_mse"), logs.get("b_loss"), 1e-6);
    History history = model.fit(data, SILENT);
    assertEquals(history.get("a_mse").get(0) + 3 * history.get("b_mse").get(0), history.get("loss").get(0), 1e-6);
  }

  /** A batch of two samples, and the same with a third that is padding. */
  private static Batch batch(boolean padded, boolean everyStep) {
    int rows = padded ? 3 : 2;
    Tensor weights = Tensor.of(new float[] {0.5f, 2, 0}, 3).rows(0, rows);
    Tensor y = everyStep ? Samples.tensor(2, 3, 4, 1) : Samples.tensor(2, 3, 1);
    return new Batch(List.of(Samples.tensor(1, 3, 4, 1).rows(0, rows)), List.of(y.rows(0, rows)), List.of(weights), null, padded);
  }

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void paddingChangesNoBitOfAnUpdate(Reduction reduction) {
    for (boolean everyStep : new boolean[] {true, false}) {
      List<Logs> logs = new ArrayList<>();
      List<float[]> trained = new ArrayList<>();
      for (boolean padded : new boolean[] {true, false}) {
        Sequential model = model(everyStep);
        model.compile(new SGD(0.1), Objectives.of(new MeanSquaredError().reduction(reduction)).metrics(Metric.named("mae"))
            .weightedMetrics(Metric.named("mse")));
        logs.add(model.trainOnBatch(batch(padded, everyStep)).copy());
        trained.add(model.weights().values().clone());
      }
      assertEquals(logs.get(1).toMap(), logs.get(0).toMap());
      assertArrayEquals(trained.get(1), trained.get(0));
    }
  }

  /** What nobody looks at may hold anything. */
  @Test
  void paddingIsNotLookedAt() {
    Batch batch = batch(true, true);
    Tensor y = Tensor.of(batch.y().get(0).toArray(), 3, 4, 1);
    y.set(2, 1, 0, Float.NaN);
    Batch spoiled = new Batch(batch.x(), List.of(y), batch.weights(), null, true);
    assertEquals(model(true).testOnBatch(batch(false, true)).toMap(), model(true).testOnBatch(spoiled).toMap());
  }

  @Test
  void aMaskCountsBesidePadding() {
    Sequential model = Sequential.of(Input.batchShape(2, 4, 1), new Masking(9),
        new LSTM(3).stateful(true).returnSequences(true), new Dense(1));
    model.initialize(3);
    model.compile(new SGD(0), new MeanSquaredError(), Metric.named("mse"));
    Tensor x = Samples.tensor(5, 2, 4, 1);
    x.set(0, 1, 0, 9);
    x.set(1, 3, 0, 9);
    Tensor weights = Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 0, 0}, 2, 4);
    Logs logs = model.testOnBatch(new Batch(List.of(x), List.of(Samples.tensor(6, 2, 4, 1)), List.of(weights), null, true));
    assertEquals(logs.get("mse"), logs.get("loss"), 1e-6);
  }

  @Test
  void aRegularizerCountsOnceHoweverStreamsAreLaidOut() {
    Sequential model = Sequential.of(Input.batchShape(3, 5, 1),
        new LSTM(3).kernelRegularizer(new L1L2(0.1, 0.2)).stateful(true).returnSequences(true), new Dense(1));
    model.initialize(3);
    model.compile(new SGD(0), new MeanSquaredError(), Metric.named("mse"));
    double penalty = 0;
    for (float w : model.layer("lstm").weights().get(0).toArray()) {
      penalty += 0.1 * Math.abs(w) + 0.2 * w * w;
    }
    Logs logs = model.evaluate(data().rows(3).steps(5));
    assertEquals(logs.get("mse") + penalty, logs.get("loss"), 1e-6);
  }

  /** Keras divides by all, and so does Rill unless the data say that weight 0 is padding. */
  @Test
  void aWeightOfZeroThatTheUserGivesCountsAsInKeras() {
    Tensor x = Samples.tensor(1, 4, 6, 1);
    Tensor y = Samples.tensor(2, 4, 6, 1);
    Sequential model = model(true);
    double all = model.evaluate(ArrayData.of(x.rows(0, 2), y.rows(0, 2)).batchSize(2)).get("loss");
    model.resetStates();
    double half = model.evaluate(ArrayData.of(x, y).weights(Tensor.of(new float[] {1, 1, 0, 0}, 4)).batchSize(4)).get("loss");
    assertEquals(all / 2, half, 1e-6);
  }
}
