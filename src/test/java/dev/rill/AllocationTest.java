package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.NestedModel;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.TrainingThreads;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A warm call allocates 0 bytes, counted by the JVM for this thread. */
class AllocationTest {
  private static final int ROWS = 5;
  private static final int IN = 7;
  private static final int OUT = 3;
  private static final int STEPS = 20;
  private static final int WINDOW = 300;
  /** Until it is compiled, Vector API code allocates every vector: how long to wait for the compiler. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static Network network;
  private static ThreadMXBean threads;

  @BeforeAll
  static void warm() {
    threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(13).returnSequences(true),
        new GRU(20).returnSequences(true), new GRU(9).resetAfter(false).activation("relu").returnSequences(true),
        new TimeDistributed(new Dense(8).activation("elu")), new Conv1D(5, 3).padding("causal").dilationRate(2),
        new LSTM(6).recurrentActivation("hard_sigmoid").returnSequences(true),
        new SimpleRNN(33).returnSequences(true), new Dense(OUT).activation("softmax"));
    network = model.freeze();
    network.warmUp(Duration.ofSeconds(20));
  }

  /** Some window must be free of allocation: before it the compiler may still have been at work. */
  private static void assertNothingAllocated(String what, Runnable call) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    long least;
    int free = 0;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < WINDOW; i++) {
        call.run();
      }
      least = threads.getCurrentThreadAllocatedBytes() - before;
      free = least == 0 ? free + 1 : 0;
    } while (free < 3 && System.nanoTime() < end);
    assertEquals(0, least, what + " allocates in " + WINDOW + " calls");
  }

  @Test
  void aStepAllocatesNothing() {
    Session session = network.session(ROWS);
    float[] x = Samples.floats(1, ROWS * IN, 1);
    float[] y = new float[ROWS * OUT];
    assertNothingAllocated("step", () -> session.step(x, y));
  }

  @Test
  void aStepOfOneRowAllocatesNothing() {
    Session session = network.session(1);
    float[] x = Samples.floats(1, IN, 1);
    float[] y = new float[OUT];
    assertNothingAllocated("step of one row", () -> session.step(x, y));
  }

  @Test
  void aStepOfSomeRowsAllocatesNothing() {
    Session session = network.session(ROWS);
    float[] x = Samples.floats(1, ROWS * IN, 1);
    float[] y = new float[ROWS * OUT];
    int[] ascending = {0, 2, 3};
    int[] mixed = {4, 0, 2, 1};
    assertNothingAllocated("step of some rows", () -> {
      session.step(ascending, 3, x, y);
      session.step(mixed, 4, x, y);
    });
  }

  @Test
  void aStretchOfTimeAllocatesNothing() {
    Session session = network.session(ROWS);
    Session one = network.session(1);
    float[] x = Samples.floats(1, ROWS * STEPS * IN, 1);
    float[] y = new float[ROWS * STEPS * OUT];
    int[] some = {3, 1};
    assertNothingAllocated("run", () -> {
      session.run(STEPS, x, y);
      session.run(some, 2, STEPS, x, y);
      one.run(STEPS, x, y);
    });
  }

  @Test
  void whatIsRecordedGoesIntoTheRing() {
    Sequential repeat = Sequential.of(Input.shape(6), new RepeatVector(4), new GRU(5).returnSequences(true), new LSTM(OUT));
    Network within = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(6).returnSequences(true),
        new TimeDistributed(new NestedModel(repeat.graph()))).freeze();
    within.warmUp(Duration.ofSeconds(20));
    float[] x = Samples.floats(1, ROWS * STEPS * IN, 1);
    float[] y = new float[ROWS * STEPS * OUT];
    int[] mixed = {4, 0, 2, 1};
    for (Network each : List.of(network, within)) {
      Session session = each.session(ROWS);
      session.record(7, true);
      assertNothingAllocated("step and run that are recorded", () -> {
        session.step(x, y);
        session.step(mixed, 4, x, y);
        session.run(STEPS, x, y);
      });
    }
  }

  @Test
  void aStepOfTensorsAllocatesNothing() {
    Session session = network.session(ROWS);
    Tensor[] x = {Tensor.of(Samples.floats(1, ROWS * 2 * IN, 1), ROWS, 2, IN)};
    Tensor[] y = {Tensor.zeros(ROWS, 2, OUT)};
    assertNothingAllocated("step of tensors", () -> session.step(x, y));
  }

  @Test
  void windowsAllocateNothing() {
    Network reader = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new Conv1D(6, 3).activation("relu"), new MaxPooling1D(2),
        new Bidirectional(new LSTM(9).returnSequences(true)), new LSTM(8), new Dense(OUT).activation("softmax")).freeze();
    reader.warmUp(Duration.ofSeconds(20));
    for (Network each : List.of(reader, network)) {
      Predictor predictor = each.predictor();
      Tensor x = Samples.tensor(1, 2 * ROWS, STEPS, IN);
      Tensor y = predictor.predict(x);
      List<Tensor> inputs = List.of(x);
      List<Tensor> outputs = List.of(y);
      assertNothingAllocated("windows", () -> {
        predictor.run(1, STEPS, x.array(), y.array());
        predictor.run(ROWS, STEPS / 2, x.array(), y.array());
        predictor.run(inputs, outputs);
      });
    }
  }

  /** Panels that go one by one, each with its two chains side by side. */
  @Test
  void stepsOfLargePanelsOfTwoChainsAllocateNothing() {
    Network large = Sequential.of(Input.shape(Shape.UNKNOWN, 64), new LSTM(64).returnSequences(true),
        new GRU(64).returnSequences(true), new SimpleRNN(64).returnSequences(true), new Dense(OUT)).freeze();
    large.warmUp(Duration.ofSeconds(20));
    Session one = large.session(1);
    float[] x = Samples.floats(1, STEPS * 64, 1);
    float[] y = new float[STEPS * OUT];
    assertNothingAllocated("steps of large panels", () -> {
      one.step(x, y);
      one.run(STEPS, x, y);
    });
  }

  @Test
  void stepsOfReducedWeightsAllocateNothing() {
    for (Precision precision : List.of(Precision.BFLOAT16, Precision.INT8)) {
      Network reduced = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(13).returnSequences(true),
          new GRU(20).returnSequences(true), new SimpleRNN(33).returnSequences(true), new Dense(OUT)).freeze(precision);
      reduced.warmUp(Duration.ofSeconds(20));
      Session session = reduced.session(ROWS);
      Session one = reduced.session(1);
      float[] x = Samples.floats(1, ROWS * STEPS * IN, 1);
      float[] y = new float[ROWS * STEPS * OUT];
      assertNothingAllocated("steps of " + precision, () -> {
        session.step(x, y);
        one.step(x, y);
        one.run(STEPS, x, y);
      });
    }
  }

  @Test
  void aStepOfMaskedIdsAllocatesNothing() {
    Symbol ids = Input.shape(Shape.UNKNOWN);
    Symbol more = Input.shape(Shape.UNKNOWN);
    Symbol joined = new Concatenate().apply(List.of(new Embedding(9, 4).maskZero(true).apply(ids),
        new Masking().apply(new Embedding(5, 3).maskZero(true).apply(more))));
    Network tagger = Model.of(List.of(ids, more),
        List.of(new GRU(6).returnSequences(true).apply(new LSTM(5).returnSequences(true).apply(joined)))).freeze();
    tagger.warmUp(Duration.ofSeconds(20));
    Session session = tagger.session(ROWS);
    Tensor[] x = {Tensor.of(new float[] {1, 0, 3, 0, 8, 2, 0, 0, 1, 4}, ROWS, 2),
        Tensor.of(new float[] {1, 0, 3, 4, 0, 2, 0, 0, 1, 4}, ROWS, 2)};
    Tensor[] y = {Tensor.zeros(ROWS, 2, 6)};
    assertNothingAllocated("step of masked ids", () -> session.step(x, y));
  }

  @Test
  void aTrainingBatchAllocatesNothing() {
    Model model = Sequential.of(Input.shape(STEPS, IN), new Conv1D(6, 3).strides(2).activation("relu"),
        new TimeDistributed(new Dense(5)), new LSTM(9).returnSequences(true), new GRU(7),
        new Dense(OUT).activation("softmax"));
    model.initialize(1);
    model.compile("adam", "categorical_crossentropy", "accuracy");
    var x = List.of(Tensor.of(Samples.floats(1, ROWS * STEPS * IN, 1), ROWS, STEPS, IN));
    var y = List.of(Tensor.of(Samples.floats(2, ROWS * OUT, 1), ROWS, OUT));
    var batch = Batch.of(x, y);
    assertNothingAllocated("training batch", () -> model.trainOnBatch(batch));
  }

  /** A last batch has fewer rows than the others. */
  @Test
  void batchesOfTwoSizesInTurnAllocateNothing() {
    Model model = Sequential.of(Input.shape(20, IN), new LSTM(40), new Dense(OUT).activation("softmax"));
    model.initialize(1);
    model.compile("adam", "categorical_crossentropy");
    List<Batch> batches = new ArrayList<>();
    for (int rows : new int[] {32, 21}) {
      batches.add(Batch.of(List.of(Tensor.of(Samples.floats(1, rows * 20 * IN, 1), rows, 20, IN)),
          List.of(Tensor.of(Samples.floats(2, rows * OUT, 1), rows, OUT))));
    }
    assertNothingAllocated("two batches", () -> {
      model.trainOnBatch(batches.get(0));
      model.trainOnBatch(batches.get(1));
    });
  }

  /** All of it by the calling thread, as the executor drops its tasks. */
  @Test
  void aTrainingBatchOfSeveralThreadsAllocatesNothing() {
    int rows = 32;
    int steps = 20;
    Model model = Sequential.of(Input.shape(steps, IN), new LSTM(40).returnSequences(true), new BatchNormalization(),
        new TimeDistributed(new Dense(5)), new GRU(40), new Dense(OUT).activation("softmax"));
    model.initialize(1);
    model.compile("adam", "categorical_crossentropy", "accuracy");
    int[] asked = {0};
    model.trainingThreads(TrainingThreads.of(task -> asked[0]++, 2));
    Batch batch = Batch.of(List.of(Tensor.of(Samples.floats(1, rows * steps * IN, 1), rows, steps, IN)),
        List.of(Tensor.of(Samples.floats(2, rows * OUT, 1), rows, OUT)));
    assertNothingAllocated("training batch", () -> model.trainOnBatch(batch));
    assertTrue(asked[0] > 0 || Runtime.getRuntime().availableProcessors() == 1, "shared out");
  }

  @Test
  void aStateIsMadeWithoutPackingWeights() {
    Model model = Sequential.of(Input.batchShape(1, STEPS, IN), new LSTM(200).stateful(true).named("lstm"));
    model.layer("lstm").states();
    long before = threads.getCurrentThreadAllocatedBytes();
    model.layer("lstm").states();
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 4L * model.weights().size() / 10, bytes + " bytes for two times 200 floats");
  }

  @Test
  void resetAndCopyOfRowsAllocateNothing() {
    Session session = network.session(ROWS);
    assertNothingAllocated("reset and copy", () -> {
      session.reset(2);
      session.copy(1, 3);
      session.reset();
    });
  }

  @Test
  void sessionsThatShareAWorkspaceCostLittleMoreThanTheirState() {
    var workspace = network.workspace();
    network.session(1, workspace).step(new float[IN], new float[OUT]);
    int count = 200;
    Session[] sessions = new Session[count];
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < count; i++) {
      sessions[i] = network.session(1, workspace);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / count;
    // Objects and array headers: a little over a hundred bytes and a little for each plane.
    long most = network.stateBytes(1) + 400 + 64L * network.planes().size();
    assertEquals(Math.min(each, most), each, "bytes of a session, of which state " + network.stateBytes(1));
  }
}
