package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.engine.StateBuffer;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Precision;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.training.ArrayData;
import dev.rill.training.Batch;
import dev.rill.training.Callback;
import dev.rill.training.Checkpoint;
import dev.rill.training.Dataset;
import dev.rill.training.EarlyStopping;
import dev.rill.training.Fit;
import dev.rill.training.FitContext;
import dev.rill.training.History;
import dev.rill.training.LambdaCallback;
import dev.rill.training.Logs;
import dev.rill.training.Loss;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.SGD;
import dev.rill.training.StreamData;
import dev.rill.training.Trainable;
import dev.rill.training.Trainer;
import dev.rill.training.TrainingThreads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has a state refuses a second thread, and never the thread that is at it already. */
@Timeout(120)
class OneThreadAtATimeTest {
  private static final int ROWS = 4;
  private static final int STEPS = 3;
  private static final Fit SILENT = new Fit().verbosity(0);

  private final ExecutorService other = Executors.newCachedThreadPool();

  @TempDir
  Path folder;

  @AfterEach
  void shutDown() {
    other.shutdownNow();
  }

  private static Sequential model() {
    Sequential model = Sequential.of(Input.batchShape(ROWS, STEPS, 2), new LSTM(3).stateful(true), new Dense(1));
    model.initialize(1);
    model.compile(new SGD(0.1), new MeanSquaredError());
    return model;
  }

  private static Tensor x(int samples) {
    return Tensor.of(Samples.floats(1, samples * STEPS * 2, 1), samples, STEPS, 2);
  }

  private static Tensor y(int samples) {
    return Tensor.of(Samples.floats(2, samples, 1), samples, 1);
  }

  private static Batch batch() {
    return Batch.of(List.of(x(ROWS)), List.of(y(ROWS)));
  }

  /** On another thread. */
  private <T> T elsewhere(Callable<T> what) throws Exception {
    try {
      return other.submit(what).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Callback each(Runnable batch) {
    return new Callback() {
      @Override
      public void onTrainBatchBegin(FitContext run) {
        batch.run();
      }
    };
  }

  /** Arguments for any public method, by type. */
  private Map<Class<?>, Object> arguments() {
    Map<Class<?>, Object> map = new HashMap<>();
    map.put(Tensor.class, x(ROWS));
    map.put(int.class, 0);
    map.put(long.class, 1L);
    map.put(double.class, 0.1);
    map.put(int[].class, new int[] {0});
    map.put(float[].class, new float[0]);
    map.put(String[].class, new String[0]);
    map.put(Path.class, folder.resolve("m.keras"));
    map.put(Precision.class, Precision.FLOAT32);
    map.put(Optimizer.class, new SGD());
    map.put(Objectives.class, Objectives.of(new MeanSquaredError()));
    map.put(Loss.class, new MeanSquaredError());
    map.put(Metric[].class, new Metric[0]);
    map.put(TrainingThreads.class, TrainingThreads.callerOnly());
    map.put(Batch.class, batch());
    map.put(Dataset.class, ArrayData.of(x(ROWS), y(ROWS)));
    map.put(Callback[].class, new Callback[0]);
    map.put(Model.class, model());
    map.put(String[].class, new String[0]);
    map.put(Fit.class, SILENT);
    Sequential same = model();
    map.put(Checkpoint.class, same.checkpoint(0));
    same.predictOnBatch(x(ROWS));
    map.put(State.class, same.checkpoint(0).states());
    map.put(IntFunction.class, (IntFunction<StateBuffer>) same::enter);
    return map;
  }

  /** Calls every public method of some object on another thread; gives back those that are not refused. */
  private Set<String> notRefused(Class<?> type, Object object) throws Exception {
    Map<Class<?>, Object> known = arguments();
    Set<String> passed = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (!Modifier.isPublic(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      Class<?>[] types = method.getParameterTypes();
      Object[] arguments = new Object[types.length];
      for (int i = 0; i < types.length; i++) {
        arguments[i] = types[i] == List.class ? list(method) : types[i] == String.class ? text(method, i) : known.get(types[i]);
        assertNotNull(arguments[i], "no argument for " + method);
      }
      method.setAccessible(true);
      try {
        elsewhere(() -> method.invoke(object, arguments));
        passed.add(method.getName());
      } catch (InvocationTargetException e) {
        StateException refusal = assertInstanceOf(StateException.class, e.getCause(), method.toString());
        assertTrue(refusal.getMessage().startsWith("the model is for one thread at a time"), refusal.getMessage());
      }
    }
    return passed;
  }

  private static String text(Method method, int argument) {
    return method.getName().equals("layer") ? "lstm" : argument == 0 ? "sgd" : "mse";
  }

  private static List<Tensor> list(Method method) {
    return method.getDeclaringClass() == ModelLayer.class ? List.of() : List.of(x(ROWS));
  }

  @Test
  void whileAFitIsUnderWayEveryMethodOfTheModelRefusesOtherThreads() {
    Sequential model = model();
    List<Set<String>> passed = new ArrayList<>();
    model.fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS).callbacks(new Callback() {
      @Override
      public void onTrainBatchBegin(FitContext run) {
        try {
          passed.add(notRefused(Model.class, model));
          passed.add(notRefused(ModelLayer.class, model.layer("lstm")));
          passed.add(notRefused(Trainer.class, model.trainer()));
          passed.add(notRefused(Trainable.class, run.trainee()));
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }));
    // What tells of the structure or of how training is described, and a number.
    assertEquals(Set.of("graph", "name", "stateful", "layers", "layer", "summary", "toString"), passed.get(0));
    assertEquals(Set.of("name", "layer", "output", "outputs", "toString"), passed.get(1));
    assertEquals(Set.of("rule", "objectives", "trainable", "optimizer", "targetWidth", "direction", "toString"), passed.get(2));
    assertEquals(Set.of("stateful", "stateRows", "steps", "summary", "variables"), passed.get(3));
    assertEquals(0, folder.toFile().list().length, "a file has been written");
    Sequential undisturbed = model();
    undisturbed.fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS));
    assertArrayEquals(undisturbed.weights().values(), model.weights().values());
  }

  @Test
  void aCallbackUsesTheModelThatIsTrained() throws Exception {
    Sequential model = model();
    Path file = folder.resolve("m.keras");
    List<Double> losses = new ArrayList<>();
    Callback user = each(() -> {
      model.predictOnBatch(x(ROWS));
      losses.add(model.evaluate(ArrayData.of(x(ROWS), y(ROWS))).get("loss"));
      model.layer("lstm").weights(model.layer("lstm").weights());
      model.freeze();
      model.checkpoint(0);
      model.resetStates();
      assertDoesNotThrow(() -> model.save(file));
      assertDoesNotThrow(() -> model.loadWeights(file));
    });
    History history = model.fit(x(8), y(8), SILENT.batchSize(ROWS).epochs(2).callbacks(user));
    assertEquals(2, history.get("loss").size());
    assertEquals(4, losses.size());
    // The fit over, the model is anybody's.
    elsewhere(() -> model.predictOnBatch(x(ROWS)));
  }

  @Test
  void aFitThatFailsLeavesTheModelToOthers() throws Exception {
    Sequential model = model();
    EarlyStopping kept = new EarlyStopping("loss");
    assertThrows(IllegalStateException.class, () -> model.fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS).callbacks(kept, each(() -> {
      throw new IllegalStateException("in a callback");
    }))));
    elsewhere(() -> model.fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS).callbacks(kept)));
  }

  @Test
  void predictionsOfAModelThatSeveralThreadsUseAreRightOrRefused() throws Exception {
    Sequential model = Sequential.of(Input.shape(STEPS, 2), new LSTM(8), new Dense(1));
    float[] right = model.predictOnBatch(x(ROWS)).toArray();
    List<Future<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(other.submit(() -> {
        int answers = 0;
        for (int k = 0; k < 300; k++) {
          try {
            assertArrayEquals(right, model.predictOnBatch(x(ROWS)).toArray());
            answers++;
          } catch (StateException refused) {
            Thread.yield();
          }
        }
        return answers;
      }));
    }
    int answers = 0;
    for (Future<Integer> one : all) {
      answers += one.get();
    }
    assertTrue(answers > 0);
  }

  @Test
  void aCallbackServesOneFitAtATime() throws Exception {
    EarlyStopping shared = new EarlyStopping("loss").patience(5);
    Sequential second = model();
    float[] before = second.weights().values().clone();
    List<String> refusals = new ArrayList<>();
    LambdaCallback own = new LambdaCallback();
    model().fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS).callbacks(shared, each(() -> {
      StateException e = assertThrows(StateException.class,
          () -> elsewhere(() -> second.fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS).callbacks(own, shared))));
      refusals.add(e.getMessage());
      assertThrows(StateException.class,
          () -> elsewhere(() -> second.evaluate(ArrayData.of(x(ROWS), y(ROWS)), own, shared)));
    })));
    assertTrue(refusals.get(0).startsWith("callback " + EarlyStopping.class.getName() + " is for one thread at a time"),
        refusals.get(0));
    assertArrayEquals(before, second.weights().values());
    elsewhere(() -> second.fit(x(ROWS), y(ROWS), SILENT.batchSize(ROWS).callbacks(own, shared)));
  }

  /** Data of which no batch is learned before every run has fetched its own. */
  private record Together(Dataset data, CyclicBarrier runs) implements Dataset {
    @Override
    public int batches() {
      return data.batches();
    }

    @Override
    public int batchRows(int index) {
      return data.batchRows(index);
    }

    @Override
    public boolean shuffled() {
      return data.shuffled();
    }

    @Override
    public Dataset forRun() {
      return new Together(data.forRun(), runs);
    }

    @Override
    public Batch batch(int epoch, int index) {
      Batch batch = data.batch(epoch, index);
      try {
        runs.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new AssertionError(e);
      }
      return batch;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fitsOnTheSameDataAtOnceDoNotSeeEachOther(boolean streams) throws Exception {
    Dataset data = streams
        ? StreamData.of(List.of(x(5).row(0), x(5).row(3)), List.of(Tensor.zeros(STEPS), Tensor.zeros(STEPS))).rows(2).steps(2)
        : ArrayData.of(x(20), y(20)).batchSize(ROWS).shuffle(3);
    // Of different lengths, so that the runs are never at the same batch.
    List<Fit> runs = List.of(SILENT.epochs(3), SILENT.initialEpoch(1).epochs(4));
    List<float[]> alone = new ArrayList<>();
    for (Fit run : runs) {
      Sequential model = forStreams(streams);
      model.fit(data, run);
      alone.add(model.weights().values().clone());
    }
    CyclicBarrier barrier = new CyclicBarrier(2);
    List<Future<float[]>> together = new ArrayList<>();
    for (Fit run : runs) {
      together.add(other.submit(() -> {
        Sequential model = forStreams(streams);
        model.fit(new Together(data, barrier), run);
        return model.weights().values();
      }));
    }
    for (int i = 0; i < runs.size(); i++) {
      assertArrayEquals(alone.get(i), together.get(i).get());
    }
  }

  private static Sequential forStreams(boolean streams) {
    Sequential model = streams
        ? Sequential.of(Input.batchShape(2, 2, 2), new LSTM(3).stateful(true).returnSequences(true), new Dense(1))
        : Sequential.of(Input.shape(STEPS, 2), new LSTM(3), new Dense(1));
    model.initialize(1);
    model.compile(new SGD(0.1), new MeanSquaredError());
    return model;
  }

  @Test
  void anyThreadMayAskAFitToStop() throws Exception {
    int[] batches = new int[1];
    model().fit(x(5 * ROWS), y(5 * ROWS), SILENT.batchSize(ROWS).callbacks(new Callback() {
      @Override
      public void onTrainBatchEnd(FitContext run, Logs logs) {
        batches[0]++;
        assertDoesNotThrow(() -> elsewhere(() -> {
          run.stop();
          return null;
        }));
      }
    }));
    assertEquals(1, batches[0]);
  }
}
