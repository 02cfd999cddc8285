package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Npz;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;
import dev.rill.io.NpyArray;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of file that Keras writes, against the weights and outputs that Keras has for it. */
class ModelFilesTest {
  private static final Path FILES = Path.of("testdata", "files");

  @TempDir
  Path temporary;

  @ParameterizedTest
  @CsvSource({"stack.keras,stack", "stack.h5,stack", "stack_deflated.keras,stack", "stack_no_metadata.keras,stack",
    "graph.keras,graph", "graph.h5,graph", "trained.keras,trained", "trained.h5,trained", "many.keras,many",
    "minimal.keras,minimal", "keras2.h5,keras2"})
  void aModelFileGivesKerasWeightsAndOutputs(String file, String expected) throws IOException {
    check(Model.load(FILES.resolve(file)), expected);
  }

  @Test
  void attributesLargerThanAHeaderAreReadInParts() throws IOException {
    Path unpacked = temporary.resolve("long_names.h5");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(FILES.resolve("long_names.h5.gz")))) {
      Files.copy(in, unpacked);
    }
    check(Model.load(unpacked), "long_names");
  }

  @ParameterizedTest
  @CsvSource({"stack.keras,stack.weights.h5,stack", "stack.keras,stack_latest.weights.h5,stack",
    "stack.keras,stack_chunked.weights.h5,stack", "stack.keras,stack.h5,stack", "stack.keras,stack.keras,stack",
    "stack.keras,float16.weights.h5,float16", "stack.keras,bfloat16.weights.h5,bfloat16",
    "stack.keras,float64.weights.h5,float64", "graph.keras,graph.weights.h5,graph", "graph.keras,graph.h5,graph",
    "trained.keras,trained.weights.h5,trained"})
  void weightsAreLoadedIntoAModelThatExists(String model, String file, String expected) throws IOException {
    Model fresh = Model.load(FILES.resolve(model));
    fresh.initialize(7);
    fresh.loadWeights(FILES.resolve(file));
    check(fresh, expected);
  }

  private static void check(Model model, String expected) throws IOException {
    try (Npz arrays = Npz.open(FILES.resolve(expected + ".npz"))) {
      int compared = 0;
      for (ModelLayer layer : model.layers()) {
        List<Tensor> weights = layer.weights();
        for (int i = 0; i < weights.size(); i++) {
          NpyArray array = arrays.array(layer.name() + "/" + i);
          double[] values = array.doubles();
          float[] loaded = weights.get(i).toArray();
          assertEquals(values.length, loaded.length);
          for (int j = 0; j < values.length; j++) {
            assertEquals((float) values[j], loaded[j], layer.name() + "/" + i + " at " + j);
          }
          compared++;
        }
      }
      assertTrue(compared > 0);
      if (arrays.has("x0")) {
        List<Tensor> x = new ArrayList<>();
        for (int i = 0; arrays.has("x" + i); i++) {
          x.add(Tensor.of(arrays.array("x" + i).floats(), arrays.array("x" + i).shape()));
        }
        List<Tensor> y = model.predictOnBatch(x);
        for (int i = 0; arrays.has("y" + i); i++) {
          float[] values = arrays.array("y" + i).floats();
          float[] got = y.get(i).toArray();
          for (int j = 0; j < values.length; j++) {
            assertEquals(values[j], got[j], 2e-6 + 1e-5 * Math.abs(values[j]), "output " + i + " at " + j);
          }
        }
      }
    }
  }

  @Test
  void anotherNumberTypeIsRefusedByName() {
    RillException refused = assertThrows(UnsupportedException.class, () -> Model.load(FILES.resolve("float64.keras")));
    assertTrue(refused.getMessage().contains("float64"), refused.getMessage());
  }

  @Test
  void weightsOfAnotherModelAreRefused() throws IOException {
    Model stack = Model.load(FILES.resolve("stack.keras"));
    RillException refused = assertThrows(FormatException.class, () -> stack.loadWeights(FILES.resolve("graph.weights.h5")));
    assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
  }

  @Test
  void weightsWithoutAModelAreNoModel() {
    RillException refused = assertThrows(FormatException.class, () -> Model.load(FILES.resolve("stack.weights.h5")));
    assertTrue(refused.getMessage().contains("loadWeights"), refused.getMessage());
  }

  @Test
  void weightsAreMatchedByClassAndOrderAsInKeras() throws IOException {
    Model built = Sequential.of(Input.batchShape(2, -1, 3),
        new LSTM(4).returnSequences(true).named("other"),
        new GRU(3).returnSequences(true),
        new GRU(3).resetAfter(false).returnSequences(true),
        new TimeDistributed(new Dense(5).activation("relu")),
        new SimpleRNN(2).useBias(false),
        new Dense(3).named("last"));
    built.loadWeights(FILES.resolve("stack.weights.h5"));
    Model loaded = Model.load(FILES.resolve("stack.keras"));
    Tensor x = Tensor.zeros(2, 4, 3);
    x.set(1, 2, 0, 1);
    assertArrayEquals(loaded.predictOnBatch(x).toArray(), built.predictOnBatch(x).toArray());
  }
}
