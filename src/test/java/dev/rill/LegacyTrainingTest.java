package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.keras.KerasFile;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adam;
import dev.rill.training.Batch;
import dev.rill.training.MeanSquaredError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that Keras 1 and 2 trained go on as these would have gone on; {@code testdata/legacy.py} let them. */
class LegacyTrainingTest {
  private static final Path FILES = Path.of("testdata", "legacy");

  @TempDir
  Path temporary;

  static List<String> cases() throws IOException {
    try (var files = Files.list(FILES)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".npz"))
          .map(name -> name.substring(0, name.length() - ".npz".length())).sorted().toList();
    }
  }

  private static String ending(String name) {
    return Files.exists(FILES.resolve(name + ".keras.gz")) ? ".keras" : ".h5";
  }

  private static byte[] content(String name) throws IOException {
    byte[] packed = Files.readAllBytes(FILES.resolve(name + ending(name) + ".gz"));
    return new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
  }

  private Path unpacked(String name) throws IOException {
    return Files.write(temporary.resolve(name + ending(name)), content(name));
  }

  private static Tensor tensor(Npz arrays, String name) throws IOException {
    NpyArray array = arrays.array(name);
    return Tensor.of(array.floats(), array.shape());
  }

  private static Batch batch(Npz arrays, int i) throws IOException {
    List<Tensor> y = new ArrayList<>(List.of(tensor(arrays, "y" + i)));
    if (arrays.has("y" + i + "_1")) {
      y.add(tensor(arrays, "y" + i + "_1"));
    }
    return Batch.of(List.of(tensor(arrays, "x" + i)), y);
  }

  private static void assertNear(double expected, double actual, String what) {
    assertEquals(expected, actual, 1e-6 + 1e-5 * Math.abs(expected), what);
  }

  private static void assertWeights(Model expected, Model actual, String what) {
    for (ModelLayer layer : expected.layers()) {
      for (int i = 0; i < layer.weights().size(); i++) {
        float[] values = layer.weights().get(i).toArray();
        float[] own = actual.layer(layer.name()).weights().get(i).toArray();
        for (int j = 0; j < values.length; j++) {
          assertNear(values[j], own[j], what + ", " + layer.name() + " " + i + " at " + j);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aModelThatOldKerasTrainedGoesOnAsItWouldHaveThere(String name) throws IOException {
    Model model = Model.load(unpacked(name));
    Model before = Model.load(unpacked(name));
    Model after = Model.load(unpacked(name + ".after"));
    try (Npz arrays = Npz.open(FILES.resolve(name + ".npz"))) {
      for (int i = 3; i <= 4; i++) {
        double[] expected = arrays.array("logs" + i).doubles();
        List<Double> logs = new ArrayList<>(new TreeMap<>(model.trainOnBatch(batch(arrays, i)).toMap()).values());
        assertEquals(expected.length, logs.size(), name);
        for (int f = 0; f < expected.length; f++) {
          assertNear(expected[f], logs.get(f), name + ", figure " + f + " of batch " + i);
        }
      }
    }
    assertWeights(after, model, name);
    assertThrows(AssertionError.class, () -> assertWeights(before, model, name), "two updates change nothing");
    if (!name.endsWith("archive_old")) {
      assertMemory(after, model, name);
    }
  }

  /** What the optimizer remembers is what old Keras wrote, too; but Keras 2 wrote nothing of an old optimizer into an archive. */
  private static void assertMemory(Model expected, Model actual, String name) {
    // Where nothing asks for them, they were not counted or not kept before Keras 2.1 and 2.3.
    if (!name.matches("(1|2\\.0)\\..*sgd|(1|2\\.[0-2])\\..*(rmsprop|adagrad)")) {
      assertEquals(expected.trainer().optimizer().iterations(), actual.trainer().optimizer().iterations(), name);
    }
    for (int slot = 0; slot < expected.trainer().rule().slots().size(); slot++) {
      float[] values = expected.trainer().optimizer().slot(slot);
      for (int j = 0; j < values.length; j++) {
        assertNear(values[j], actual.trainer().optimizer().slot(slot)[j], name + ", slot " + slot + " at " + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itIsSavedInTodaysForm(String name) throws IOException {
    assumeFalse(name.matches("(1.2|2.0).*"), "their hard_sigmoid has no name today");
    Model model = Model.load(unpacked(name));
    Path saved = temporary.resolve("model.keras");
    model.save(saved);
    Model again = Model.load(saved);
    assertEquals(model.trainer().rule().className(), again.trainer().rule().className());
    assertEquals(model.trainer().optimizer().iterations(), again.trainer().optimizer().iterations());
    assertEquals(model.trainer().optimizer().learningRate(), again.trainer().optimizer().learningRate());
    for (int slot = 0; slot < model.trainer().rule().slots().size(); slot++) {
      Samples.assertBits(model.trainer().optimizer().slot(slot), again.trainer().optimizer().slot(slot), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.2.4_nadam", "2.2.4_adadelta", "2.10.0_nadam", "2.15.0_nadam"})
  void anOptimizerThatIsAnotherTodayIsRefusedByNameWhenTheModelIsTrained(String name) throws IOException {
    Model model = Model.load(unpacked(name));
    Tensor x = Samples.tensor(1, 4, 3, 2);
    Tensor y = model.predictOnBatch(x);
    String message = assertThrows(RillException.class, model::trainer).getMessage();
    assertTrue(message.toLowerCase().contains(name.replaceAll(".*_", "")), message);
    assertNull(KerasFile.load(unpacked(name)).compileConfig());
    model.save(temporary.resolve("model.keras"));
    assertThrows(RillException.class, () -> Model.load(temporary.resolve("model.keras")).trainer());
    model.compile(new Adam(), new MeanSquaredError());
    model.trainOnBatch(x, y);
    assertFalse(model.trainer().optimizer().iterations() == 0);
  }

  @Test
  void aLayerOfTwoBiasesThatHasOneTodayIsRefusedByName() throws IOException {
    Model model = Model.load(unpacked("2.2.4_cudnn"));
    String message = assertThrows(UnsupportedException.class, model::trainer).getMessage();
    assertTrue(message.contains("two biases") && message.contains("call compile"), message);
    model.save(temporary.resolve("model.keras"));
  }
}
