package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Model;
import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictCommandTest {
  /** Stateful, of batch 3, every step an output: (time, 4 features) to (time, 4 features). */
  private static final Path STREAMING = Rill.model("state_stack_three");

  @TempDir
  private Path folder;

  private static Tensor random(int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    Random random = new Random(7);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static NpyArray array(Tensor tensor) {
    return NpyArray.of(tensor.toArray(), tensor.shape().toArray());
  }

  private Path write(String name, Tensor tensor) throws IOException {
    Path file = folder.resolve(name);
    Npy.write(file, array(tensor));
    return file;
  }

  private float[] predict(Object model, Path in, Object... more) throws IOException {
    Path out = folder.resolve("out.npy");
    Object[] args = new Object[5 + more.length];
    System.arraycopy(new Object[] {"predict", model, in, "-o", out}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    assertEquals(new Rill(0, "", ""), Rill.run(args));
    return Npy.read(out).floats();
  }

  @Test
  void theOutputIsThatOfTheModel() throws IOException {
    Tensor x = random(7, 5, 4);
    Tensor y = Model.load(Rill.model("cell_lstm")).predict(x);
    assertArrayEquals(y.toArray(), predict(Rill.model("cell_lstm"), write("x.npy", x)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 1000})
  void theBatchChangesNothing(int batch) throws IOException {
    Path x = write("x.npy", random(5, 6, features()));
    assertArrayEquals(predict(STREAMING, x), predict(STREAMING, x, "--batch", batch));
    Path b = write("b.npy", random(5, 6, 3));
    assertArrayEquals(predict(Rill.model("backwards_lstm_stateful"), b),
        predict(Rill.model("backwards_lstm_stateful"), b, "--batch", batch));
  }

  @Test
  void threadsChangeNothing() throws IOException {
    Path x = write("x.npy", random(64, 30, features()));
    assertArrayEquals(predict(STREAMING, x), predict(STREAMING, x, "--threads", 3, "--batch", 5));
    Rill run = Rill.run("predict", STREAMING, x, "-o", folder.resolve("y.npy"), "--threads", 2, "--state-out", folder.resolve("s"));
    assertEquals(2, run.status());
    assertTrue(run.err().contains("--threads: streams"), run.err());
  }

  private static int features() throws IOException {
    return Model.load(STREAMING).freeze().inputFeatures(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 32})
  void twoRunsThroughAStateFileAreOneRun(int batch) throws IOException {
    Tensor x = random(5, 6, features());
    Path state = folder.resolve("state");
    Tensor whole = Tensor.of(predict(STREAMING, write("x.npy", x)), 5, 6, 4);
    float[] first = predict(STREAMING, write("x1.npy", x.steps(0, 2)), "--state-out", state);
    float[] second =
        predict(STREAMING, write("x2.npy", x.steps(2, 6)), "--batch", batch, "--state-in", state, "--state-out", state);
    assertArrayEquals(whole.steps(0, 2).toArray(), first);
    assertArrayEquals(whole.steps(2, 6).toArray(), second);
  }

  @Test
  void severalInputsAndOutputsAreNamedByLayer() throws IOException {
    Path model = Rill.model("graph_two_towers");
    Tensor a = random(3, 4, 3);
    Tensor b = random(3, 7, 5);
    Path in = folder.resolve("in.npz");
    Path out = folder.resolve("out.npz");
    Npz.write(in, Map.of("b", array(b), "a", array(a)));
    assertEquals(new Rill(0, "", ""), Rill.run("predict", model, in, "-o", out, "--batch", 2));
    List<Tensor> expected = Model.load(model).predict(List.of(b, a), 32);
    try (Npz npz = Npz.open(out)) {
      assertEquals(List.of("y", "z"), npz.names());
      assertArrayEquals(expected.get(0).toArray(), npz.array("y").floats());
      assertArrayEquals(expected.get(1).toArray(), npz.array("z").floats());
      assertArrayEquals(new int[] {3, 7, 3}, npz.array("z").shape());
    }
  }

  @Test
  void outputsOfADictAreNamedByItsKeys() throws IOException {
    Path out = folder.resolve("out.npz");
    Path in = write("in.npy", random(2, 3, 2));
    assertEquals(new Rill(0, "", ""), Rill.run("predict", Rill.model("train_outputs_named"), in, "-o", out));
    try (Npz npz = Npz.open(out)) {
      assertEquals(List.of("extent", "topic"), npz.names());
    }
  }

  @Test
  void outputsOfOneLayerGetNumbers() throws IOException {
    Path out = folder.resolve("out.npz");
    Path in = write("in.npy", random(2, 4, 3));
    assertEquals(new Rill(0, "", ""), Rill.run("predict", Rill.model("return_state_lstm"), in, "-o", out));
    try (Npz npz = Npz.open(out)) {
      assertEquals(List.of("lstm", "lstm_1", "lstm_2"), npz.names());
    }
  }

  @Test
  void doublesAreRoundedAndIntegersTaken() throws IOException {
    Path model = Rill.model("seed_gru");
    float[] expected = predict(model, write("x.npy", Tensor.of(new float[] {-4, 3}, 2, 1, 1)));
    Path longs = folder.resolve("longs.npy");
    Npy.write(longs, NpyArray.of(new long[] {-4, 3}, 2, 1, 1));
    assertArrayEquals(expected, predict(model, longs));
    String header = "\223NUMPY\1\0=\0{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1, 1)}\n";
    ByteBuffer doubles = ByteBuffer.allocate(header.length() + 16).order(ByteOrder.LITTLE_ENDIAN);
    doubles.put(header.getBytes(StandardCharsets.ISO_8859_1)).putDouble(-4 + 1e-12).putDouble(3 - 1e-12);
    assertArrayEquals(expected, predict(model, Files.write(folder.resolve("doubles.npy"), doubles.array())));
  }

  private void assertRefused(String reason, int status, Object... args) {
    Rill run = Rill.run(args);
    assertEquals(status, run.status(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().contains(reason), run.err());
    assertFalse(Files.exists(folder.resolve("y.npy")));
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path y = folder.resolve("y.npy");
    Path x = write("x.npy", random(2, 4, 3));
    Path state = folder.resolve("state");
    assertRefused("(rows, time, features)", 1, "predict", Rill.model("seed_windows"), x, "-o", y);
    assertRefused("[lstm, lstm_1, lstm_2]", 2, "predict", Rill.model("return_state_lstm"), x, "-o", y);
    assertRefused("[b, a]", 2, "predict", Rill.model("graph_two_towers"), x, "-o", folder.resolve("y.npz"));
    assertRefused("lstm", 1, "predict", Rill.model("backwards_lstm_stateful"), x, "-o", y, "--state-out", state);
    Path empty = write("empty.npy", random(0, 4, 3));
    assertRefused("at least one row", 1, "predict", Rill.model("backwards_lstm_stateful"), empty, "-o", y);
  }

  @Test
  void aStateOfOtherRowsOrAnotherModelIsRefused() throws IOException {
    Path y = folder.resolve("y.npy");
    Path state = folder.resolve("state");
    predict(STREAMING, write("x.npy", random(2, 4, features())), "--state-out", state);
    Path three = write("three.npy", random(3, 4, features()));
    assertRefused("2 rows", 1, "predict", STREAMING, three, "-o", y, "--state-in", state);
    Path gru = write("gru.npy", random(2, 4, 1));
    assertRefused("structure", 1, "predict", Rill.model("seed_gru"), gru, "-o", y, "--state-in", state);
    Files.write(state, new byte[] {1, 2, 3});
    assertRefused(state.toString(), 1, "predict", STREAMING, three, "-o", y, "--state-in", state);
  }

  /** The way out that the command names is its own. */
  @Test
  void aStateOfOtherWeightsIsTakenInIfOneSaysSo() throws IOException {
    Path state = folder.resolve("state");
    Path y = folder.resolve("y.npy");
    Path x = write("x.npy", random(2, 4, 1));
    predict(Rill.model("cell_lstm"), write("in.npy", random(2, 3, 4)), "--state-out", state);
    Model other = Model.load(Rill.model("cell_lstm"));
    other.initialize(3);
    Path retrained = folder.resolve("retrained.keras");
    other.save(retrained);
    Path in = folder.resolve("in.npy");
    assertRefused("--other-weights", 1, "predict", retrained, in, "-o", y, "--state-in", state);
    predict(retrained, in, "--state-in", state, "--other-weights");
    assertRefused("--state-in", 2, "predict", retrained, in, "-o", y, "--other-weights");
    assertRefused("structure", 1, "predict", Rill.model("seed_gru"), x, "-o", y, "--state-in", state, "--other-weights");
  }
}
