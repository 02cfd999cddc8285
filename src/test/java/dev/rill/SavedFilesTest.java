package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.keras.KerasFile;
import dev.rill.keras.KerasVariable;
import dev.rill.layers.Dense;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models that are saved and loaded again. Those that Keras saved first stay in {@code target/saved}, with inputs and outputs beside
 * them, where {@code testdata/check_saved.py} shows them to Keras.
 */
class SavedFilesTest {
  private static final Path CASES = Path.of("testdata", "cases");
  private static final Path FILES = Path.of("testdata", "files");
  static final Path SAVED = Path.of("target", "saved");
  private static final LocalDateTime DATE = LocalDateTime.of(2026, 11, 24, 8, 5, 9);

  @TempDir
  Path temporary;

  static List<Path> models() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      Stream<Path> files = Stream.of("graph", "many", "minimal", "stack", "trained")
          .map(name -> FILES.resolve(name + ".keras"));
      return Stream.concat(folders.map(folder -> folder.resolve("model.keras")).sorted(), files).toList();
    }
  }

  private static String name(Path model) {
    String file = model.getFileName().toString();
    return model.startsWith(CASES) ? model.getParent().getFileName().toString() : file.substring(0, file.lastIndexOf('.'));
  }

  private static List<Tensor> inputs(Model model) {
    List<Tensor> x = new ArrayList<>();
    for (Graph.Ref input : model.graph().inputs()) {
      int[] shape = model.graph().shape(input).toArray();
      for (int i = 0; i < shape.length; i++) {
        shape[i] = shape[i] == Shape.UNKNOWN ? 2 * i + 2 : shape[i];
      }
      float[] values = Samples.floats(x.size() + 1, Shape.of(shape).size(), 1);
      if (model.graph().ids(input)) {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) Math.floor(3 * Math.abs(values[i]));
        }
      } else if (shape.length == 3) {
        mask(model, values, shape);
      }
      x.add(Tensor.of(values, shape));
    }
    return x;
  }

  /** Masks every third step, by what a layer that masks is looking for. */
  private static void mask(Model model, float[] values, int[] shape) {
    for (Layer layer : model.graph().layers()) {
      for (int step = 0; layer instanceof Masking masking && step < shape[0] * shape[1]; step += 3) {
        Arrays.fill(values, step * shape[2], (step + 1) * shape[2], (float) masking.value());
      }
    }
  }

  static void assertSame(Model expected, Model actual) {
    assertEquals(expected.summary(), actual.summary());
    assertEquals(expected.graph().nodes().size(), actual.graph().nodes().size());
    for (ModelLayer layer : expected.layers()) {
      for (int i = 0; i < layer.weights().size(); i++) {
        Samples.assertBits(layer.weights().get(i).toArray(), actual.layer(layer.name()).weights().get(i).toArray(),
            layer.name() + " " + i);
      }
    }
    List<Tensor> x = inputs(expected);
    expected.resetStates();
    List<Tensor> first = expected.predictOnBatch(x);
    List<Tensor> second = actual.predictOnBatch(x);
    assertEquals(first.size(), second.size());
    for (int i = 0; i < first.size(); i++) {
      Samples.assertBits(first.get(i).toArray(), second.get(i).toArray(), "output " + i);
    }
  }

  private static void assertSame(KerasFile.Content expected, KerasFile.Content actual) throws IOException {
    JsonObject compile = expected.compileConfig();
    assertEquals(compile == null ? null : Json.write(compile),
        actual.compileConfig() == null ? null : Json.write(actual.compileConfig()));
    List<KerasVariable> variables = expected.optimizerVariables();
    assertEquals(variables.size(), actual.optimizerVariables().size());
    for (int i = 0; i < variables.size(); i++) {
      KerasVariable other = actual.optimizerVariables().get(i);
      assertEquals(variables.get(i).toString(), other.toString());
      if (other.integer()) {
        assertEquals(variables.get(i).longValue(), other.longValue());
      } else {
        Samples.assertBits(floats(variables.get(i)), floats(other), "optimizer variable " + i);
      }
    }
  }

  private static float[] floats(KerasVariable variable) {
    float[] values = new float[variable.shape().size()];
    variable.floats(values, 0);
    return values;
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelComesBackToTheBit(Path original) throws IOException {
    Files.createDirectories(SAVED);
    String name = name(original);
    Path file = SAVED.resolve(name + ".keras");
    Model model = Model.load(original);
    model.save(file);
    Model loaded = Model.load(file);
    assertSame(model, loaded);
    assertSame(KerasFile.load(original), KerasFile.load(file));

    Path weights = SAVED.resolve(name + ".weights.h5");
    model.saveWeights(weights);
    loaded.initialize(7);
    loaded.resetStates();
    loaded.loadWeights(weights);
    assertSame(model, loaded);

    writeArrays(name, model);
  }

  /** Inputs, and the outputs that belong to them. */
  static void writeArrays(String name, Model model) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    List<Tensor> x = inputs(model);
    model.resetStates();
    List<Tensor> y = model.predictOnBatch(x);
    for (int i = 0; i < x.size(); i++) {
      arrays.put("x" + i, NpyArray.of(x.get(i).toArray(), x.get(i).shape().toArray()));
    }
    for (int i = 0; i < y.size(); i++) {
      arrays.put("y" + i, NpyArray.of(y.get(i).toArray(), y.get(i).shape().toArray()));
    }
    Npz.write(SAVED.resolve(name + ".npz"), arrays);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stack.h5", "stack_deflated.keras", "graph.keras", "minimal.keras", "many.keras", "trained.keras"})
  void whatIsSavedTwiceIsTheSameFile(String name) throws IOException {
    KerasFile.Content content = KerasFile.load(FILES.resolve(name));
    KerasFile.Extra extra = new KerasFile.Extra(content.compileConfig(), content.optimizerVariables(), DATE);
    Path first = temporary.resolve("first.keras");
    KerasFile.save(first, content.graph(), content.weights(), extra);
    KerasFile.Content again = KerasFile.load(first);
    Path second = temporary.resolve("second.keras");
    KerasFile.save(second, again.graph(), again.weights(),
        new KerasFile.Extra(again.compileConfig(), again.optimizerVariables(), DATE));
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    assertSame(content, again);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trained.keras", "trained.h5"})
  void whatTheOptimizerRemembersIsReadInKerasOrder(String name) throws IOException {
    List<KerasVariable> variables = KerasFile.load(FILES.resolve(name)).optimizerVariables();
    assertEquals(2 + 2 * 5, variables.size());
    assertTrue(variables.get(0).longValue() > 0);
    assertEquals(0.001f, floats(variables.get(1))[0]);
    assertEquals(Shape.of(3, 16), variables.get(2).shape());
    assertThrows(FormatException.class, () -> variables.get(2).longValue());
    assertThrows(FormatException.class, () -> variables.get(0).floats(new float[1], 0));
    assertThrows(ShapeException.class, () -> variables.get(2).floats(new float[48], 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"trained.keras", "trained.h5"})
  void aModelNeedsItsFileNoMoreOnceItIsLoaded(String name) throws IOException {
    Path file = temporary.resolve(name);
    Files.copy(FILES.resolve(name), file);
    Model trained = Model.load(file);
    Model saved = Model.load(file);
    Files.write(file, new byte[] {1, 2, 3});
    Model same = Model.load(FILES.resolve(name));

    Path copy = temporary.resolve("copy.keras");
    saved.save(copy);
    assertSame(KerasFile.load(FILES.resolve(name)), KerasFile.load(copy));
    List<Tensor> x = inputs(same);
    same.resetStates();
    List<Tensor> y = same.predictOnBatch(x);
    same.resetStates();
    assertEquals(same.trainOnBatch(new Batch(x, y, null, null, false)).toMap(), trained.trainOnBatch(new Batch(x, y, null, null, false)).toMap());
    assertSame(same, trained);
  }

  @Test
  void forInferenceTheOptimizerIsLeftOut() throws IOException {
    KerasFile.Content content = KerasFile.loadForInference(FILES.resolve("trained.keras"));
    RillException refused = assertThrows(RillException.class, content::optimizerVariables);
    assertTrue(refused.getMessage().contains("for inference"), refused.getMessage());
    assertEquals(KerasFile.load(FILES.resolve("trained.keras")).weights().fingerprint(), content.weights().fingerprint());
  }

  @Test
  void aModelCanBeSavedOverItsOwnFileAgainAndAgain() throws IOException {
    Path file = temporary.resolve("model.keras");
    Files.copy(FILES.resolve("trained.keras"), file);
    Model model = Model.load(file);
    model.save(file);
    model.save(file);
    assertSame(KerasFile.load(FILES.resolve("trained.keras")), KerasFile.load(file));
    assertSame(Model.load(FILES.resolve("trained.keras")), Model.load(file));
  }

  @Test
  void aModelMadeInJavaIsSavedWithoutACompileConfiguration() throws IOException {
    Model model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4).returnSequences(true),
        new TimeDistributed(new Dense(2)));
    Path file = temporary.resolve("model.keras");
    model.save(file);
    assertSame(model, Model.load(file));
    assertNull(KerasFile.load(file).compileConfig());
    assertEquals(List.of(), KerasFile.load(file).optimizerVariables());
  }

  @Test
  void namesThatKerasWouldNotLoadAreRefused() {
    Model model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4));
    assertThrows(RillException.class, () -> model.save(temporary.resolve("model.h5")));
    assertThrows(RillException.class, () -> model.saveWeights(temporary.resolve("model.h5")));
    assertThrows(RillException.class, () -> model.saveWeights(temporary.resolve("model.keras")));
  }

  @Test
  void aWriteThatFailsHalfwayLeavesTheOldFile() throws IOException {
    Model model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4));
    Path file = temporary.resolve("model.keras");
    Path weights = temporary.resolve("model.weights.h5");
    model.save(file);
    model.saveWeights(weights);
    byte[] before = Files.readAllBytes(file);
    byte[] weightsBefore = Files.readAllBytes(weights);
    model.initialize(3);
    // Asked for when two members of the archive have been written.
    List<KerasVariable> broken = new AbstractList<>() {
      @Override
      public KerasVariable get(int index) {
        throw new IllegalStateException("halfway");
      }

      @Override
      public int size() {
        return 1;
      }
    };
    KerasFile.Extra extra = new KerasFile.Extra(null, broken, null);
    assertThrows(IllegalStateException.class, () -> KerasFile.save(file, model.graph(), model.weights(), extra));
    assertThrows(IllegalStateException.class, () -> KerasFile.saveWeights(weights, model.graph(), model.weights(), extra));
    assertArrayEquals(before, Files.readAllBytes(file));
    assertArrayEquals(weightsBefore, Files.readAllBytes(weights));
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(2, left.count(), "a draft has been left behind");
    }
  }
}
