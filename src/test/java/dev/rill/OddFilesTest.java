package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.io.JsonString;
import dev.rill.io.Npz;
import dev.rill.keras.KerasFile;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adam;
import dev.rill.training.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are only old or unusual give Keras' outputs; {@code testdata/odd.py} made them. */
class OddFilesTest {
  private static final Path ODD = Path.of("testdata", "odd");
  private static final Path FILES = Path.of("testdata", "files");

  @TempDir
  Path temporary;

  private static void check(Model model, String expected) throws IOException {
    try (Npz arrays = Npz.open(ODD.resolve(expected + ".npz"))) {
      List<Tensor> x = new ArrayList<>();
      for (int i = 0; arrays.has("x" + i); i++) {
        x.add(Tensor.of(arrays.array("x" + i).floats(), arrays.array("x" + i).shape()));
      }
      List<Tensor> y = model.predictOnBatch(x);
      for (int i = 0; i < y.size(); i++) {
        float[] values = arrays.array("y" + i).floats();
        float[] got = y.get(i).toArray();
        assertEquals(values.length, got.length);
        for (int j = 0; j < values.length; j++) {
          assertEquals(values[j], got[j], 2e-6 + 1e-5 * Math.abs(values[j]), "output " + i + " at " + j);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras1.h5", "keras1_gates.h5", "cudnn.h5", "cudnn_plain.h5", "keras213.keras", "keras213_windows.keras", "counted_once.keras", "keras215_windows.keras",
    "keras21.h5", "slash.h5", "dict.keras", "umlaut.h5", "folder", "described.json", "scaled.keras", "scaled.h5", "packed.h5",
    "big_endian.h5", "whole.h5"})
  void aFileThatIsOnlyOldOrUnusualGivesKerasOutputs(String name) throws IOException {
    check(Model.load(ODD.resolve(name)), name.replaceAll("\\..*", ""));
  }

  @ParameterizedTest
  @CsvSource({"sharded.weights.json,sharded", "described.json,described", "folder,folder", "keras213.keras,keras213",
    "packed.h5,packed", "slash.h5,slash"})
  void weightsAreLoadedFromEveryForm(String name, String expected) throws IOException {
    Model model = Model.load(ODD.resolve("folder"));
    model.initialize(3);
    model.loadWeights(ODD.resolve(name));
    check(model, expected);
  }

  @ParameterizedTest
  @CsvSource({"stack.h5,model.keras", "stack.keras,model.h5", "stack.keras,model", "stack.h5,model.zip"})
  void whatAFileIsItSaysItself(String name, String copy) throws IOException {
    Path renamed = temporary.resolve(copy);
    Files.copy(FILES.resolve(name), renamed);
    Model model = Model.load(renamed);
    Model expected = Model.load(FILES.resolve(name));
    Tensor x = Tensor.zeros(2, 4, 3);
    x.set(1, 2, 0, 1);
    assertArrayEquals(expected.predictOnBatch(x).toArray(), model.predictOnBatch(x).toArray());
    model.loadWeights(renamed);
  }

  @Test
  void namesThatKerasRefusesTodayGetALowLineAndStayDifferent() throws IOException {
    Model model = Model.load(ODD.resolve("slash.h5"));
    assertEquals("a_b", model.name());
    assertEquals(List.of("block_lstm_1", "drop_a", "block_lstm", "block_lstm_2", "drop_b", "out_", "b_out"),
        model.layers().stream().map(ModelLayer::name).filter(name -> !name.startsWith("input")).toList());
    Path saved = temporary.resolve("model.keras");
    model.save(saved);
    check(Model.load(saved), "slash");
  }

  @Test
  void namesOutsideAsciiAreKept() throws IOException {
    Model model = Model.load(ODD.resolve("umlaut.h5"));
    assertEquals("glättung_10", model.layer("glättung_10").name());
  }

  @Test
  void inputsAndOutputsOfADictStandInTheOrderOfTheirNames() throws IOException {
    Model model = Model.load(ODD.resolve("dict.keras"));
    assertEquals(List.of("a", "l", "z"), model.graph().inputs().stream().map(model.graph()::layerName).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"scaled.keras", "scaled.h5"})
  void anOptimizerThatScalesTheLossGoesOnAsTheOneInside(String name) throws IOException {
    Model model = Model.load(ODD.resolve(name));
    assertEquals(2 + 2 * 13, KerasFile.load(ODD.resolve(name)).optimizerVariables().size());
    assertTrue(KerasFile.load(ODD.resolve(name)).compiled().optimizer() instanceof Adam);
    assertEquals(0.01f, (float) model.trainer().optimizer().learningRate());
    assertEquals(2, model.trainer().optimizer().iterations());
    Path saved = temporary.resolve("model.keras");
    Model.load(ODD.resolve(name)).save(saved);
    Model again = Model.load(saved);
    Batch batch = Batch.of(List.of(Tensor.zeros(2, 5, 3)), List.of(Tensor.zeros(2, 2)));
    model.trainOnBatch(batch);
    again.trainOnBatch(batch);
    assertEquals(3, again.trainer().optimizer().iterations());
    for (ModelLayer layer : model.layers()) {
      for (int i = 0; i < layer.weights().size(); i++) {
        assertArrayEquals(layer.weights().get(i).toArray(), again.layer(layer.name()).weights().get(i).toArray());
      }
    }
  }

  @Test
  void anArchiveOfKeras2IsTrainedAsItSays() throws IOException {
    Model model = Model.load(ODD.resolve("keras213.keras"));
    assertEquals("RMSprop", model.trainer().rule().className());
    assertEquals(0, model.trainer().optimizer().iterations());
  }

  @Test
  void anOldFileThatWasNotCompiledAsksForIt() throws IOException {
    KerasFile.Content content = KerasFile.load(ODD.resolve("keras21.h5"));
    assertEquals(List.of(), content.optimizerVariables());
    String message = assertThrows(RillException.class, content::compiled).getMessage();
    assertTrue(message.contains("without a compile configuration") && message.contains("call compile"), message);
  }

  @Test
  void aConfigurationWithoutWeightsSaysWhereItLooksForThem() throws IOException {
    Files.copy(ODD.resolve("described.json"), temporary.resolve("alone.json"));
    String message = assertThrows(UnsupportedException.class, () -> Model.load(temporary.resolve("alone.json"))).getMessage();
    assertTrue(message.contains("alone.weights.h5"), message);
    Files.copy(ODD.resolve("described.weights.h5"), temporary.resolve("alone.h5"));
    check(Model.load(temporary.resolve("alone.json")), "described");
    Files.copy(ODD.resolve("described.weights.h5"), temporary.resolve("alone.weights.h5"));
    assertThrows(UnsupportedException.class, () -> Model.load(temporary.resolve("alone.json")));
  }

  @Test
  void aConfigurationThatPythonWroteAsTextWithinJsonIsReadAndOneInYamlIsNamed() throws IOException {
    String config = Files.readString(ODD.resolve("described.json"));
    Files.writeString(temporary.resolve("text.json"), Json.write(new JsonString(config)));
    Files.copy(ODD.resolve("described.weights.h5"), temporary.resolve("text.h5"));
    check(Model.load(temporary.resolve("text.json")), "described");
    Path yaml = Files.writeString(temporary.resolve("model.yaml"), "backend: tensorflow\nclass_name: Sequential\nconfig:\n- class_name: LSTM\n");
    String message = assertThrows(UnsupportedException.class, () -> Model.load(yaml)).getMessage();
    assertTrue(message.contains("in YAML") && message.contains("model_from_yaml"), message);
    Path number = Files.writeString(temporary.resolve("number.json"), "\"{}");
    assertThrows(FormatException.class, () -> Model.load(number));
  }

  @Test
  void aListOfFilesLeadsNowhereElse() throws IOException {
    Model model = Model.load(ODD.resolve("folder"));
    for (String name : List.of("../a.h5", "/etc/passwd", "a\\\\b", "..", "", "a/b", "\\u0000")) {
      Path list = temporary.resolve("a.weights.json");
      Files.writeString(list, "{\"weight_map\":{\"/vars\":[\"" + name + "\"]}}");
      assertThrows(FormatException.class, () -> model.loadWeights(list), name);
    }
  }

  @Test
  void aModelOfAnotherLibraryIsNamed() throws IOException {
    byte[] tflite = "\u001c\0\0\0TFL3abcdef".getBytes(StandardCharsets.ISO_8859_1);
    byte[] safetensors = "\2\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] onnx = "\b\b\u0012\u0007pytorch".getBytes(StandardCharsets.ISO_8859_1);
    byte[] pickle = "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.".getBytes(StandardCharsets.ISO_8859_1);
    byte[] savedModel = "\b\1\u0012\u00e2\u0085\1".getBytes(StandardCharsets.ISO_8859_1);
    refused("tflite", tflite, "TensorFlow Lite");
    refused("safetensors", safetensors, "safetensors");
    refused("onnx", onnx, "ONNX");
    refused("pickle", pickle, "PyTorch");
    refused("saved_model.pb", savedModel, "SavedModel");
    refused("pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n".getBytes(StandardCharsets.US_ASCII), "git lfs pull");
    refused("page", "\n<!DOCTYPE html><html>".getBytes(StandardCharsets.US_ASCII), "web page");
    refused("packed", "\u001f\u008b\b\0\0".getBytes(StandardCharsets.ISO_8859_1), "gzip");
  }

  private void refused(String name, byte[] content, String part) throws IOException {
    Path file = temporary.resolve(name + ".keras");
    Files.write(file, content);
    String message = assertThrows(UnsupportedException.class, () -> Model.load(file)).getMessage();
    assertTrue(message.contains(part) && message.startsWith(name), message);
    assertThrows(UnsupportedException.class, () -> Model.load(FILES.resolve("stack.keras")).loadWeights(file));
  }

  @Test
  void aFolderIsKerasOrNamed() throws IOException {
    assertThrows(FormatException.class, () -> Model.load(temporary));
    Files.createFile(temporary.resolve("saved_model.pb"));
    String message = assertThrows(UnsupportedException.class, () -> Model.load(temporary)).getMessage();
    assertTrue(message.contains("SavedModel") && message.contains("tf.keras.models.load_model"), message);
  }

  @Test
  void otherArchivesAreNamed() throws IOException {
    Path file = temporary.resolve("model.keras");
    archive(file, "model/data.pkl", "x");
    assertTrue(assertThrows(UnsupportedException.class, () -> Model.load(file)).getMessage().contains("PyTorch"));
    archive(file, "words.txt", "x");
    assertTrue(assertThrows(UnsupportedException.class, () -> Model.load(file)).getMessage().contains("no config.json"));
  }

  private static void archive(Path file, String member, String text) throws IOException {
    try (java.util.zip.ZipOutputStream zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new java.util.zip.ZipEntry(member));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
  }

  @Test
  void whatIsNoFileOfAnyKindIsNotTakenForOne() throws IOException {
    for (String content : List.of("", "abc", "PK", "\u0089HD")) {
      Path file = temporary.resolve("file");
      Files.writeString(file, content, StandardCharsets.ISO_8859_1);
      assertThrows(FormatException.class, () -> Model.load(file), content);
    }
  }
}
