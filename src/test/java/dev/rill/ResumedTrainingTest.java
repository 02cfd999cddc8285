package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.keras.KerasFile;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.AdamW;
import dev.rill.training.Batch;
import dev.rill.training.BinaryCrossentropy;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.CosineDecay;
import dev.rill.training.CosineDecayRestarts;
import dev.rill.training.ExponentialDecay;
import dev.rill.training.Huber;
import dev.rill.training.InverseTimeDecay;
import dev.rill.training.Loss;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Nadam;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.PiecewiseConstantDecay;
import dev.rill.training.PolynomialDecay;
import dev.rill.training.RMSprop;
import dev.rill.training.Reduction;
import dev.rill.training.SGD;
import dev.rill.training.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models that are saved in mid-training go on as if they had not been. They stay in {@code target/saved/resumed}, with what was
 * trained on after that and what came out, where {@code testdata/check_saved.py} lets Keras go on from them.
 */
class ResumedTrainingTest {
  private static final Path FILES = Path.of("testdata", "files");
  private static final Path SAVED = Path.of("target", "saved", "resumed");
  private static final int ROWS = 6;
  private static final int BEFORE = 4;
  private static final int AFTER = 5;

  @TempDir
  Path temporary;

  /** A way to compile the model of {@link #model}. */
  private record Case(String name, Optimizer optimizer, Objectives objectives) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    Map<String, Optimizer> optimizers = new LinkedHashMap<>();
    optimizers.put("sgd", new SGD(0.1));
    optimizers.put("sgd_momentum", new SGD(0.05, 0.9, false));
    optimizers.put("sgd_nesterov", new SGD(0.05, 0.9, true).clipNorm(0.2));
    optimizers.put("rmsprop", new RMSprop(0.01));
    optimizers.put("rmsprop_momentum", new RMSprop(0.005, 0.8, 0.5, 1e-6, false));
    optimizers.put("rmsprop_centered", new RMSprop(0.005, 0.8, 0, 1e-6, true).globalClipNorm(0.5));
    optimizers.put("rmsprop_both", new RMSprop(0.005, 0.9, 0.5, 1e-5, true).weightDecay(0.02));
    optimizers.put("adam", new Adam(0.01, 0.8, 0.95, 1e-6, false).clipValue(0.05));
    optimizers.put("adam_amsgrad", new Adam(0.01, 0.8, 0.95, 1e-6, true));
    optimizers.put("adamw", new AdamW(0.01, 0.03));
    optimizers.put("nadam", new Nadam(0.01, 0.85, 0.99, 1e-6));
    optimizers.put("adagrad", new Adagrad(0.1, 0.2, 1e-6).weightDecay(0.01));
    optimizers.put("exponential", new Nadam().schedule(new ExponentialDecay(0.05, 3, 0.5, true)));
    optimizers.put("inverse", new Adam().schedule(new InverseTimeDecay(0.05, 3, 0.5, false)));
    optimizers.put("polynomial", new SGD().schedule(new PolynomialDecay(0.2, 6, 0.01, 2, true)));
    optimizers.put("piecewise", new RMSprop().schedule(new PiecewiseConstantDecay(List.of(2L, 5L), List.of(0.02, 0.01, 0.002))));
    optimizers.put("cosine", new SGD().schedule(new CosineDecay(0.2, 7, 0.1, null, 0)));
    optimizers.put("warm_up", new SGD(0.1, 0.5, false).schedule(new CosineDecay(0.01, 5, 0, 0.2, 6)));
    optimizers.put("restarts", new SGD().schedule(new CosineDecayRestarts(0.2, 3, 1.5, 0.8, 0.05)));
    List<Case> cases = new ArrayList<>();
    optimizers.forEach((name, optimizer) -> cases.add(new Case(name, optimizer, Objectives.of(new MeanSquaredError()))));
    Optimizer sgd = new SGD(0.1);
    Map<String, List<Metric>> watched = Map.of(
        "word", List.of(Metric.named("accuracy"), Metric.of(new CategoricalCrossentropy(false, 0.1)), Metric.topK(2)),
        "size", List.of(Metric.named("mse"), Metric.named("mse"), Metric.binaryAccuracy(0.4), Metric.of(new Huber(0.5)),
            Metric.named("log_cosh"), Metric.named("root_mean_squared_error")));
    Objectives both = Objectives.of(Map.of("word", new CategoricalCrossentropy(false, 0.1), "size", new Huber(0.3)));
    cases.add(new Case("weights", sgd, both.lossWeights(Map.of("word", 0.3, "size", 2.0))));
    cases.add(new Case("metrics", sgd, both.metrics(watched)));
    cases.add(new Case("weighted_metrics", sgd, both.metrics(Metric.named("mae")).weightedMetrics(watched)));
    cases.add(new Case("sum", new SGD(0.02), Objectives.of(List.of(new CategoricalCrossentropy().reduction(Reduction.SUM),
        new BinaryCrossentropy(true, 0.2).reduction(Reduction.MEAN_WITH_SAMPLE_WEIGHT))).lossWeights(1, 0.5)));
    cases.add(new Case("one_loss", sgd, Objectives.of(Arrays.<Loss>asList(new CategoricalCrossentropy(), null))
        .metrics(Map.of("size", List.of(Metric.named("cosine_similarity"))))));
    return cases;
  }

  /** A layer that is not trained between two that are, and two outputs. */
  private static Model model() {
    Symbol in = Input.shape(5, 3);
    Symbol last = new Dense(4).activation("tanh").trainable(false).named("fixed").apply(new LSTM(4).named("lstm").apply(in));
    Model model = Model.of(List.of(in), List.of(new Dense(3).activation("softmax").named("word").apply(last),
        new Dense(2).named("size").apply(last)));
    model.initialize(5);
    return model;
  }

  private static Batch batch(long seed) {
    float[] words = new float[ROWS * 3];
    float[] size = Samples.floats(seed + 1, ROWS * 2, 1);
    for (int row = 0; row < ROWS; row++) {
      words[3 * row + (int) ((row * 7 + seed) % 3)] = 1;
    }
    for (int i = 0; i < size.length; i++) {
      size[i] = Math.abs(size[i]);
    }
    Tensor weights = Samples.tensor(seed + 2, ROWS);
    for (int row = 0; row < ROWS; row++) {
      weights.array()[row] = Math.abs(weights.array()[row]);
    }
    return Batch.of(List.of(Samples.tensor(seed, ROWS, 5, 3)), List.of(Tensor.of(words, ROWS, 3), Tensor.of(size, ROWS, 2)), weights);
  }

  /** The logs of each update. */
  private static List<Map<String, Double>> train(Model model, int count) {
    List<Map<String, Double>> logs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      logs.add(model.trainOnBatch(batch(10 + i)).toMap());
    }
    return logs;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aModelSavedInMidTrainingGoesOnAsIfItHadNotBeen(Case how) throws IOException {
    Files.createDirectories(SAVED);
    Model model = model();
    model.compile(how.optimizer(), how.objectives());
    train(model, BEFORE);
    Path file = SAVED.resolve(how.name() + ".keras");
    model.save(file);
    model.saveWeights(SAVED.resolve(how.name() + ".weights.h5"));
    Model loaded = Model.load(file);
    assertEquals(BEFORE, loaded.trainer().optimizer().iterations());
    List<Map<String, Double>> logs = train(model, AFTER);
    assertEquals(logs, train(loaded, AFTER));
    Samples.assertBits(model.weights().values(), loaded.weights().values(), how.name());

    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < AFTER; i++) {
      Batch batch = batch(10 + i);
      put(arrays, "x" + i, batch.x().get(0));
      put(arrays, "y" + i + "_0", batch.y().get(0));
      put(arrays, "y" + i + "_1", batch.y().get(1));
      put(arrays, "w" + i, batch.weights().get(0));
    }
    int count = 0;
    for (ModelLayer layer : model.layers()) {
      for (Tensor weight : layer.weights()) {
        put(arrays, "weight" + count++, weight);
      }
    }
    Npz.write(SAVED.resolve(how.name() + ".npz"), arrays);
    List<JsonValue> all = new ArrayList<>();
    for (Map<String, Double> each : logs) {
      JsonObject object = JsonObject.EMPTY;
      for (Map.Entry<String, Double> figure : each.entrySet()) {
        object = object.with(figure.getKey(), figure.getValue());
      }
      all.add(object);
    }
    Files.writeString(SAVED.resolve(how.name() + ".json"), Json.write(JsonObject.EMPTY.with("logs", JsonArray.of(all))));
  }

  private static void put(Map<String, NpyArray> arrays, String name, Tensor tensor) {
    arrays.put(name, NpyArray.of(tensor.toArray(), tensor.shape().toArray()));
  }

  @Test
  void aModelThatKerasTrainedGoesOnAlikeFromEitherOfItsFiles() throws IOException {
    Model archive = Model.load(FILES.resolve("trained.keras"));
    Model legacy = Model.load(FILES.resolve("trained.h5"));
    Model anew = Model.load(FILES.resolve("trained.keras"));
    anew.compile("adam", "categorical_crossentropy", "accuracy");
    assertTrue(archive.trainer().optimizer().iterations() > 0);
    for (Model model : List.of(archive, legacy, anew)) {
      int[] in = model.graph().shape(model.graph().inputs().get(0)).toArray();
      int[] out = model.graph().shape(model.graph().outputs().get(0)).toArray();
      in[0] = out[0] = in[0] < 0 ? 2 : in[0];
      in[1] = in[1] < 0 ? 3 : in[1];
      Tensor y = Samples.tensor(8, out);
      model.trainOnBatch(Samples.tensor(7, in), y);
    }
    Samples.assertBits(archive.weights().values(), legacy.weights().values(), "trained.h5");
    assertFalse(Arrays.equals(archive.weights().values(), anew.weights().values()), "Adam's memory makes no difference");
  }

  @Test
  void theRateThatIsSavedIsTheOneThatWasSetLast() throws IOException {
    Model model = model();
    model.compile(new Adam(0.01), new MeanSquaredError());
    model.trainer().optimizer().learningRate(0.25);
    Path file = temporary.resolve("model.keras");
    model.save(file);
    assertEquals(0.25, Model.load(file).trainer().optimizer().learningRate());
    assertEquals(0.25, KerasFile.load(file).compiled().optimizer().learningRate());
  }

  @Test
  void whatAFileCannotHoldIsRefusedBeforeItIsTouched() throws IOException {
    Path file = temporary.resolve("model.keras");
    Files.writeString(file, "as it was");
    Model model = model();
    model.compile(new SGD().schedule(iteration -> 0.1), new MeanSquaredError());
    UnsupportedException e = assertThrows(UnsupportedException.class, () -> model.save(file));
    assertTrue(e.getMessage().contains("schedule"), e.getMessage());
    model.compile(new SGD(), new MeanSquaredError(), Metric.named("accuracy").called("mine"));
    e = assertThrows(UnsupportedException.class, () -> model.save(file));
    assertTrue(e.getMessage().contains("mine"), e.getMessage());
    assertEquals("as it was", Files.readString(file));
    model.compile(new SGD().schedule(iteration -> 0.1), new MeanSquaredError());
    model.saveWeights(temporary.resolve("model.weights.h5"));
  }

  @Test
  void anOptimizerOfAnotherShapeIsRefused() throws IOException {
    Model model = model();
    model.compile(new Adam(), new MeanSquaredError());
    Path file = temporary.resolve("model.keras");
    model.save(file);
    KerasFile.Content content = KerasFile.load(file);
    var fewer = content.optimizerVariables().subList(0, 5);
    KerasFile.save(file, content.graph(), content.weights(), new KerasFile.Extra(content.compileConfig(), fewer, null));
    FormatException e = assertThrows(FormatException.class, () -> Model.load(file).trainer());
    assertTrue(e.getMessage().contains("5 variables") && e.getMessage().contains("call compile"), e.getMessage());
    var swapped = new ArrayList<>(content.optimizerVariables());
    swapped.set(2, swapped.get(6));
    KerasFile.save(file, content.graph(), content.weights(), new KerasFile.Extra(content.compileConfig(), swapped, null));
    e = assertThrows(FormatException.class, () -> Model.load(file).trainer());
    assertTrue(e.getMessage().contains("layer lstm, kernel"), e.getMessage());
  }

  @Test
  void whatTheOptimizerRemembersIsThatOfTheFileAsItWasLoaded() throws IOException {
    Path file = temporary.resolve("model.keras");
    Files.copy(FILES.resolve("trained.keras"), file);
    long updates = Model.load(file).trainer().optimizer().iterations();
    Model model = Model.load(file);
    Files.copy(FILES.resolve("stack.keras"), file, StandardCopyOption.REPLACE_EXISTING);
    assertTrue(updates > 0);
    assertEquals(updates, model.trainer().optimizer().iterations());
    model.compile("adam", "categorical_crossentropy");
    assertEquals(0, model.trainer().optimizer().iterations());
  }

  @Test
  void aModelThatWasNeverCompiledIsSavedWithoutAnOptimizer() throws IOException {
    Path file = temporary.resolve("model.keras");
    model().save(file);
    assertNull(KerasFile.load(file).compileConfig());
  }

  @Test
  void aScheduleGoesOnWhereItWas() throws IOException {
    Schedule schedule = new ExponentialDecay(0.1, 2, 0.5, false);
    Model model = model();
    model.compile(new SGD().schedule(schedule), new MeanSquaredError());
    train(model, 3);
    Path file = temporary.resolve("model.keras");
    model.save(file);
    assertEquals((float) schedule.at(3), (float) Model.load(file).trainer().optimizer().learningRate());
  }
}
