package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Bidirectional;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.training.TrainingThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Whole windows: each row for itself from zero, to the bits of the model, however many rows, threads and calls there are. */
class PredictorTest {
  private static final int IN = 3;
  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);
  private static final TrainingThreads THREADS = TrainingThreads.of(POOL, 4);

  @AfterAll
  static void close() {
    POOL.shutdownNow();
  }

  private static Sequential model(Layer... layers) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), layers);
    model.initialize(1);
    return Samples.withBiases(model, 2);
  }

  private static List<Model> models() {
    return List.of(model(new LSTM(7).returnSequences(true), new GRU(5)), model(new Conv1D(6, 3).activation("relu"),
        new MaxPooling1D(2), new LSTM(4).returnSequences(true), new TimeDistributed(new Dense(2))),
        model(new Bidirectional(new LSTM(5)), new Dense(2).activation("softmax")));
  }

  /** Work for several threads: they take part in large calls only. */
  private static Sequential large() {
    return model(new Bidirectional(new LSTM(60).returnSequences(true)), new LSTM(60));
  }

  @Test
  void windowsGiveWhatTheModelGives() {
    for (Model model : models()) {
      Predictor predictor = model.freeze().predictor();
      for (int[] size : new int[][] {{1, 9}, {70, 6}, {2, 20}, {33, 9}, {0, 5}}) {
        Tensor x = Samples.tensor(3, size[0], size[1], IN);
        Tensor given = predictor.predict(x);
        float[] flat = new float[given.size()];
        predictor.run(size[0], size[1], x.array(), flat);
        Samples.assertBits(given.toArray(), flat, "array");
        assertEquals(predictor.outputSteps(size[1]), given.shape().rank() == 3 ? given.shape().axis(1) : 1);
        if (size[0] > 0) {
          Samples.assertBits(model.predict(x).toArray(), flat, "model");
        }
      }
    }
  }

  @Test
  void nothingIsCarriedFromCallToCall() {
    Sequential model = Sequential.of(Input.batchShape(2, 4, IN), new LSTM(5).stateful(true), new Dense(2));
    Predictor predictor = model.freeze().predictor();
    Tensor x = Samples.tensor(3, 3, 6, IN);
    float[] first = predictor.predict(x).toArray();
    Samples.assertBits(first, predictor.predict(x).toArray(), "again");
    Session session = model.freeze().session(3);
    float[] y = new float[first.length];
    session.step(new Tensor[] {x}, new Tensor[] {Tensor.of(y, 3, 2)});
    Samples.assertBits(y, first, "a session from zero");
  }

  @Test
  void severalInputsAndOutputsAndIds() {
    Symbol ids = Input.shape(Shape.UNKNOWN);
    Symbol x = Input.shape(Shape.UNKNOWN, IN);
    Symbol joined = new Concatenate().apply(List.of(new Embedding(9, 4).maskZero(true).apply(ids), x));
    Symbol all = new LSTM(5).returnSequences(true).apply(joined);
    Model model = Model.of(List.of(ids, x), List.of(all, new GRU(4).apply(all)));
    model.initialize(1);
    Predictor predictor = model.freeze().predictor(THREADS);
    Tensor words = Tensor.of(new float[] {1, 2, 0, 4, 5, 6}, 2, 3);
    List<Tensor> inputs = List.of(words, Samples.tensor(3, 2, 3, IN));
    List<Tensor> expected = model.predictOnBatch(inputs);
    List<Tensor> actual = List.of(Tensor.zeros(2, 3, 5), Tensor.zeros(2, 4));
    predictor.run(inputs, actual);
    for (int o = 0; o < 2; o++) {
      Samples.assertBits(expected.get(o).toArray(), actual.get(o).toArray(), "output " + o);
    }
    assertRefused("expected ids from 0 to 8", () -> predictor.predict(List.of(Tensor.of(new float[] {9}, 1, 1), Tensor.zeros(1, 1, IN))));
    assertRefused("joins sequences", () -> predictor.predict(List.of(words, Tensor.zeros(2, 4, IN))));
    assertRefused("output gru: expected (2, 4), got (2, 5)", () -> predictor.run(inputs, List.of(actual.get(0), Tensor.zeros(2, 5))));
    assertRefused("use run(List<Tensor>, List<Tensor>)", () -> predictor.run(1, 1, new float[9], new float[9]));
  }

  @Test
  void threadsChangeNoBit() {
    Sequential model = large();
    Tensor x = Samples.tensor(4, 300, 40, IN);
    float[] alone = model.freeze().predictor().predict(x).toArray();
    Samples.assertBits(alone, model.freeze().predictor(THREADS).predict(x).toArray(), "predictor");
    model.trainingThreads(THREADS);
    Samples.assertBits(alone, model.predict(x).toArray(), "model");
    Samples.assertBits(alone, model.predict(x, 7).toArray(), "batches of 7");
    Samples.assertBits(alone, model.predictOnBatch(x).toArray(), "one batch");
  }

  @Test
  void threadsTakePart() {
    List<String> helped = new ArrayList<>();
    TrainingThreads counted = TrainingThreads.of(task -> {
      helped.add("asked");
      POOL.execute(task);
    }, 2);
    if (counted.size() > 1) {
      Sequential model = large();
      model.freeze().predictor(counted).predict(Samples.tensor(4, 64, 40, IN));
      assertTrue(helped.size() > 0, "nobody asked the executor");
    }
  }

  @Test
  void aStatefulModelKeepsItsStateWithThreads() {
    Sequential model = Sequential.of(Input.batchShape(40, 30, IN), new LSTM(60).stateful(true));
    model.initialize(1);
    Tensor x = Samples.tensor(5, 80, 30, IN);
    float[] alone = model.predict(x, 40).toArray();
    float[] state = model.layer("lstm").states().get(1).toArray();
    model.resetStates();
    model.trainingThreads(THREADS);
    Samples.assertBits(alone, model.predict(x, 40).toArray(), "outputs");
    Samples.assertBits(state, model.layer("lstm").states().get(1).toArray(), "state");
  }

  @Test
  void aSecondThreadIsRefusedAtOnce() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    // The executor is asked in the middle of a call.
    Predictor predictor = large().freeze().predictor(TrainingThreads.of(task -> {
      inside.countDown();
      try {
        done.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }, 2));
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return;
    }
    Tensor x = Samples.tensor(4, 64, 40, IN);
    Callable<Tensor> call = () -> predictor.predict(x);
    Future<Tensor> other = POOL.submit(call);
    inside.await();
    StateException e = assertThrows(StateException.class, () -> predictor.predict(x));
    done.countDown();
    assertTrue(e.getMessage().contains("predictor") && e.getMessage().contains("one of its own"), e.getMessage());
    Samples.assertBits(other.get().toArray(), predictor.predict(x).toArray(), "afterwards");
  }

  private static void assertRefused(String reason, Executable call) {
    String message = assertThrows(RillException.class, call).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void arraysThatDoNotFitAreRefused() {
    Predictor predictor = models().get(1).freeze().predictor();
    assertRefused("x has 26 floats: expected 1 rows x 9 steps x 3 features = 27", () -> predictor.run(1, 9, new float[26], new float[100]));
    assertRefused("y has 5 floats: expected 1 rows x 3 steps x 2 features = 6", () -> predictor.run(1, 9, new float[27], new float[5]));
    assertRefused("at least one time step", () -> predictor.run(1, 0, new float[27], new float[5]));
    assertRefused("conv1d", () -> predictor.run(1, 2, new float[27], new float[5]));
    float[] both = new float[100];
    assertRefused("same array", () -> predictor.run(1, 9, both, both));
    Tensor x = Tensor.zeros(1, 9, IN);
    assertRefused("expected (1, 3, 2), got (1, 2)", () -> predictor.run(List.of(x), List.of(Tensor.zeros(1, 2))));
    float[] shared = new float[IN];
    assertRefused("array of an input", () -> model(new LSTM(IN)).freeze().predictor()
        .run(List.of(Tensor.of(shared, 1, 1, IN)), List.of(Tensor.of(shared, 1, IN))));
    Predictor fixed = Sequential.of(Input.shape(6, IN), new Bidirectional(new LSTM(2))).freeze().predictor();
    assertRefused("windows of 6 time steps, got 5", () -> fixed.run(1, 5, new float[18], new float[4]));
    assertThrows(ShapeException.class, () -> fixed.predict(Tensor.zeros(1, 5, IN)));
    assertRefused("the threads is missing", () -> models().get(0).freeze().predictor(null));
  }
}
