package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.ModelLayer;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.AveragePooling1D;
import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Cropping1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.GlobalMaxPooling1D;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.UpSampling1D;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models trained by several threads: to the bits of one, whatever becomes of the executor's tasks. */
@Timeout(120)
class TrainingThreadsTest {
  /** Four sections, of 8, 12, 12 and 11 rows. */
  private static final int ROWS = 43;
  private static final int STEPS = 30;
  private static final int IN = 16;
  private static final int OUT = 4;
  private static final int BATCHES = 3;

  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  private static Tensor inputs() {
    Tensor x = Tensor.of(Samples.floats(5, ROWS * STEPS * IN, 1), ROWS, STEPS, IN);
    for (int row = 0; row < ROWS; row += 3) {
      int first = (row * STEPS + row % STEPS) * IN;
      Arrays.fill(x.array(), first, first + IN, 0);
    }
    return x;
  }

  private static Tensor targets() {
    return Tensor.of(Samples.floats(6, ROWS * OUT, 1), ROWS, OUT);
  }

  private static Sequential model(Layer cell) {
    Sequential model = Sequential.of(Input.batchShape(ROWS, STEPS, IN), new Masking(), cell, new Dropout(0.3), new Dense(130),
        new Dense(OUT));
    model.initialize(3);
    return model;
  }

  private static Sequential train(TrainingThreads threads, Layer cell) {
    Sequential model = model(cell);
    model.compile(new Adam(0.01), Objectives.of(new MeanSquaredError()), threads);
    for (int i = 0; i < BATCHES; i++) {
      model.trainOnBatch(inputs(), targets());
    }
    return model;
  }

  /** Weights and states. */
  private static float[] bits(Model model) {
    List<Tensor> all = new ArrayList<>();
    for (ModelLayer layer : model.layers()) {
      all.addAll(layer.weights());
      all.addAll(layer.states());
    }
    float[] bits = new float[all.stream().mapToInt(Tensor::size).sum()];
    int at = 0;
    for (Tensor one : all) {
      System.arraycopy(one.toArray(), 0, bits, at, one.size());
      at += one.size();
    }
    return bits;
  }

  private static LSTM lstm() {
    return new LSTM(64).stateful(true);
  }

  private static float[] alone() {
    return bits(train(TrainingThreads.callerOnly(), lstm()));
  }

  static Stream<Layer> cells() {
    return Stream.of(lstm(), new GRU(64).stateful(true), new GRU(64).resetAfter(false), new SimpleRNN(110),
        new LSTM(64).dropout(0.2).recurrentDropout(0.3), new GRU(64).dropout(0.4),
        new GRU(64).resetAfter(false).recurrentDropout(0.3));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theNumberOfThreadsChangesNoBit(Layer cell) {
    float[] alone = bits(train(TrainingThreads.callerOnly(), cell));
    for (int threads : new int[] {2, 3, 4}) {
      Set<Runnable> helpers = new HashSet<>();
      Executor executor = task -> {
        helpers.add(task);
        pool.execute(task);
      };
      Samples.assertBits(alone, bits(train(new TrainingThreads(executor, threads), cell)), threads + " threads");
      assertEquals(threads - 1, helpers.size(), "shares beside the caller's own");
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBitOfAnEmbedding() {
    float[] alone = bits(trainIds(TrainingThreads.callerOnly()));
    for (int threads : new int[] {2, 3, 4}) {
      Samples.assertBits(alone, bits(trainIds(new TrainingThreads(pool, threads))), threads + " threads");
    }
  }

  static Stream<Layer> windows() {
    return Stream.of(new Conv1D(70, 3), new Conv1D(64, 2).groups(4).dilationRate(2).padding("same"), new Conv1D(64, 3).padding("causal"),
        new MaxPooling1D(2), new AveragePooling1D(3).padding("same"), new UpSampling1D(2), new BatchNormalization());
  }

  /** With more steps than a share has rows, and with fewer. */
  @ParameterizedTest
  @MethodSource("windows")
  void theNumberOfThreadsChangesNoBitOfWindows(Layer layer) {
    for (Layer first : List.of(layer.named("first"), new Cropping1D(STEPS - 6, 0))) {
      float[] alone = bits(train(TrainingThreads.callerOnly(), first, layer));
      for (int threads : new int[] {2, 5}) {
        Samples.assertBits(alone, bits(train(new TrainingThreads(pool, threads), first, layer)), threads + " threads");
      }
    }
  }

  private static Model train(TrainingThreads threads, Layer... layers) {
    List<Layer> chain = new ArrayList<>(List.of(layers));
    chain.addAll(List.of(new Conv1D(130, 2).activation("relu"), new GlobalMaxPooling1D(), new Dense(OUT)));
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), chain.toArray(new Layer[0]));
    model.initialize(3);
    model.compile(new Adam(0.01), Objectives.of(new MeanSquaredError()), threads);
    for (int i = 0; i < BATCHES; i++) {
      model.trainOnBatch(inputs(), targets());
    }
    return model;
  }

  private static Model trainIds(TrainingThreads threads) {
    Sequential model = Sequential.of(Input.shape(STEPS), new Embedding(9, 30).maskZero(true), new LSTM(64), new Dense(OUT));
    model.initialize(3);
    model.compile(new Adam(0.01), Objectives.of(new MeanSquaredError()), threads);
    float[] ids = new float[ROWS * STEPS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * i % 9;
    }
    for (int i = 0; i < BATCHES; i++) {
      model.trainOnBatch(Tensor.of(ids, ROWS, STEPS), targets());
    }
    return model;
  }

  /** It is asked once an update, by the calling thread, whatever else shares the update. */
  @Test
  void aScheduleIsAskedOnceAnUpdate() {
    Set<Thread> askers = new HashSet<>();
    Sequential model = model(lstm());
    model.compile(new Adam().schedule(iteration -> {
      askers.add(Thread.currentThread());
      return 0.01 / (iteration + 1);
    }), Objectives.of(new MeanSquaredError()), new TrainingThreads(pool, 3));
    for (int i = 0; i < BATCHES; i++) {
      model.trainOnBatch(inputs(), targets());
    }
    assertEquals(Set.of(Thread.currentThread()), askers);
  }

  /** The noise shape is that of the whole batch. */
  @Test
  void theNumberOfThreadsChangesNoBitOfNoiseThatSaysItsRows() {
    List<float[]> all = new ArrayList<>();
    for (TrainingThreads threads : List.of(TrainingThreads.callerOnly(), new TrainingThreads(pool, 3))) {
      Sequential model = Sequential.of(Input.shape(STEPS, IN), new Dropout(0.5).noiseShape(ROWS, 1, Shape.UNKNOWN), new LSTM(64),
          new Dense(OUT));
      model.initialize(3);
      model.compile(new Adam(0.01), Objectives.of(new MeanSquaredError()), threads);
      model.trainOnBatch(inputs(), targets());
      all.add(bits(model));
    }
    Samples.assertBits(all.get(0), all.get(1), "weights");
  }

  /** A last batch of fewer rows is cut into fewer shares, and the next one into as many as before. */
  @Test
  void theNumberOfRowsMayChangeFromBatchToBatch() {
    List<float[]> all = new ArrayList<>();
    for (TrainingThreads threads : List.of(TrainingThreads.callerOnly(), new TrainingThreads(pool, 5))) {
      Sequential model = Sequential.of(Input.shape(STEPS, IN), new LSTM(64), new Dense(OUT));
      model.initialize(3);
      model.compile(new Adam(0.01), Objectives.of(new MeanSquaredError()), threads);
      for (int rows : new int[] {ROWS, 2, ROWS, 1, 13, 17, ROWS}) {
        model.trainOnBatch(inputs().rows(0, rows), targets().rows(0, rows));
      }
      all.add(bits(model));
    }
    Samples.assertBits(all.get(0), all.get(1), "weights");
  }

  @ParameterizedTest
  @MethodSource("dev.rill.engine.SharesTest#executors")
  void whatTheExecutorDoesChangesNoBit(Executor executor) {
    Samples.assertBits(alone(), bits(train(new TrainingThreads(executor, 4), lstm())), "weights");
  }

  @Test
  void modelsTrainOnThePoolWhoseThreadsAreToHelp() throws Exception {
    float[] alone = alone();
    TrainingThreads threads = new TrainingThreads(pool, 3);
    CyclicBarrier both = new CyclicBarrier(2);
    List<Future<Sequential>> trained = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      trained.add(pool.submit(() -> {
        both.await();
        return train(threads, lstm());
      }));
    }
    for (Future<Sequential> one : trained) {
      Samples.assertBits(alone, bits(one.get()), "weights");
    }
  }

  @Test
  void anyNumberOfModelsTrainOnTheSameThreadsAtOnce() throws Exception {
    float[] alone = alone();
    TrainingThreads threads = new TrainingThreads(pool, 3);
    ExecutorService callers = Executors.newFixedThreadPool(3);
    try {
      CyclicBarrier all = new CyclicBarrier(3);
      List<Future<Sequential>> trained = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        trained.add(callers.submit(() -> {
          all.await();
          return train(threads, lstm());
        }));
      }
      for (Future<Sequential> one : trained) {
        Samples.assertBits(alone, bits(one.get()), "weights");
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void trainingGoesOnWhenTheExecutorIsShutDown() {
    Sequential model = model(lstm());
    model.compile(new Adam(0.01), Objectives.of(new MeanSquaredError()), new TrainingThreads(pool, 3));
    for (int i = 0; i < BATCHES; i++) {
      if (i == BATCHES / 2) {
        pool.shutdownNow();
      }
      model.trainOnBatch(inputs(), targets());
    }
    Samples.assertBits(alone(), bits(model), "weights");
  }

  @Test
  void threadsAreSetBeforeCompileOrAfterIt() {
    float[] alone = alone();
    AtomicInteger asked = new AtomicInteger();
    Executor executor = task -> asked.incrementAndGet();
    Sequential before = model(lstm());
    before.trainingThreads(new TrainingThreads(executor, 2));
    before.compile(new Adam(0.01), new MeanSquaredError());
    Sequential after = model(lstm());
    after.compile(new Adam(0.01), new MeanSquaredError());
    for (int i = 0; i < BATCHES; i++) {
      before.trainOnBatch(inputs(), targets());
      if (i == BATCHES / 2) {
        assertTrue(asked.getAndSet(0) > 0, "set before");
        after.trainingThreads(new TrainingThreads(executor, 2));
      }
      after.trainOnBatch(inputs(), targets());
    }
    assertTrue(asked.get() > 0, "set after");
    Samples.assertBits(alone, bits(before), "set before");
    Samples.assertBits(alone, bits(after), "set after");
  }

  @Test
  void aSmallBatchStaysOnTheCallingThread() {
    Sequential model = Sequential.of(Input.shape(5, 4), new LSTM(8), new Dense(OUT));
    model.compile(new Adam(), Objectives.of(new MeanSquaredError()), new TrainingThreads(task -> {
      throw new AssertionError("asked");
    }, 2));
    model.trainOnBatch(Tensor.zeros(32, 5, 4), Tensor.zeros(32, OUT));
  }

  @Test
  void moreThreadsThanProcessorsTakeNoPart() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(processors, TrainingThreads.of(pool, Integer.MAX_VALUE).size());
    assertEquals(1, TrainingThreads.of(pool, 1).size());
    assertEquals(1, TrainingThreads.callerOnly().size());
  }

  @Test
  void whatCannotTrainIsRefused() {
    assertThrows(RillException.class, () -> TrainingThreads.of(null, 3));
    assertThrows(RillException.class, () -> TrainingThreads.of(pool, 0));
    Sequential model = model(lstm());
    assertThrows(RillException.class, () -> model.trainingThreads(null));
    assertThrows(RillException.class,
        () -> model.compile(new Adam(), Objectives.of(new MeanSquaredError()), null));
    assertTrue(assertThrows(RillException.class, model::trainer).getMessage().contains("call compile"));
  }
}
