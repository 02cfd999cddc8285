package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Sequential;
import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.layers.Add;
import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
  @TempDir
  private Path folder;
  private Path description;
  private Path table;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    description = Files.writeString(folder.resolve("m.json"),
        "{\"layers\": [{\"gru\": 8}, {\"dense\": 1}], \"learning_rate\": 0.02, \"metrics\": [\"mae\"]}");
    StringBuilder lines = new StringBuilder("wave,other\n");
    for (int t = 0; t < 200; t++) {
      lines.append(String.format(Locale.ROOT, "%.4f,%d\n", StrictMath.sin(0.4 * t), t % 3));
    }
    table = Files.writeString(folder.resolve("t.csv"), lines);
    out = folder.resolve("out.keras");
  }

  private static double figure(Rill run, String name) {
    assertEquals(0, run.status(), run.err());
    return Double.parseDouble(run.out().replaceAll("(?s).*[ ,]" + name + " ([^,;]+)[,;].*", "$1"));
  }

  @Test
  void windowsOfATableAreLearned() throws IOException {
    Rill run = Rill.run("train", description, table, "--target", "wave", "--steps", 12, "--epochs", 15, "--validate", 0.25, "-o", out);
    assertTrue(figure(run, "val_loss") < 0.02, run.out());
    assertTrue(run.err().lines().count() == 15 && run.err().startsWith("Epoch 1/15 - "), run.err());
    Model model = Model.load(out);
    assertEquals(Shape.of(Shape.UNKNOWN, 1), model.graph().shape(model.graph().outputs().get(0)));
  }

  @Test
  void streamsOfSeveralTablesGoOnFromWindowToWindow() throws IOException {
    Rill run = Rill.run("train", description, table, table, "--streams", "--target", "wave", "--steps", 10, "--epochs", 20, "-o", out);
    assertTrue(figure(run, "loss") < 0.05, run.out());
    Model model = Model.load(out);
    assertTrue(model.stateful());
    assertEquals(Shape.of(2, Shape.UNKNOWN, 1), model.graph().shape(model.graph().outputs().get(0)));
  }

  @Test
  void aModelThatWasTrainedGoesOn() {
    Object[] more = {"--target", "wave", "--steps", 12, "--epochs", 3, "-o"};
    double first = figure(Rill.run("train", description, table, more[0], more[1], more[2], more[3], more[4], more[5], more[6], out), "loss");
    Path again = folder.resolve("again.keras");
    assertTrue(figure(Rill.run("train", out, table, more[0], more[1], more[2], more[3], more[4], more[5], more[6], again), "loss") < first);
  }

  /** All that there is to see of a run, by the one command: the log, the curves and the events hold the same figures. */
  @Test
  void aRunCanBeSeen() throws IOException {
    Path log = folder.resolve("log.csv");
    Path curves = folder.resolve("curves.svg");
    Rill run = Rill.run("train", description, table, "--target", "wave", "--steps", 12, "--epochs", 3, "--validate", 0.25, "--log", log,
        "--curves", curves, "--chart", "--norms", "--tensorboard", folder.resolve("events"), "-o", out);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().contains("loss after epoch 3 of 3   o training   x validation") && !run.err().contains("Epoch 1/3"), run.err());
    String[] names = Files.readAllLines(log).get(0).split(",");
    assertTrue(Arrays.asList(names).containsAll(List.of("loss", "mae", "val_loss", "gradient_norm_gru", "update_norm_dense")));
    List<List<Float>> drawn = new ArrayList<>();
    for (String part : Files.readString(curves).split("data-y=\"")) {
      drawn.add(part.startsWith("<svg") ? List.of() : Arrays.stream(part.substring(0, part.indexOf('"')).split(" ")).map(Float::valueOf).toList());
    }
    assertEquals(names.length, drawn.size());
    for (int column = 1; column < names.length; column++) {
      List<Float> written = new ArrayList<>();
      for (String line : Files.readAllLines(log).subList(1, 4)) {
        written.add(Float.valueOf(line.split(",")[column]));
      }
      assertTrue(drawn.contains(written), names[column] + " " + written);
    }
    for (String part : List.of("train", "validation")) {
      assertEquals(1, folder.resolve("events").resolve(part).toFile().list().length);
    }
    assertEquals(2, Rill.run("train", description, table, "--curves", "x.png", "-o", out).status());
  }

  @Test
  void itStopsEarlyAndWritesALog() throws IOException {
    Files.writeString(description, "{\"layers\": [{\"dense\": 1}, {\"simple_rnn\": 1}], \"learning_rate\": 0.5}");
    Path log = folder.resolve("log.csv");
    Rill run = Rill.run("train", description, table, "--epochs", 40, "--patience", 2, "--validate", 0.3, "--log", log, "-o", out);
    assertEquals(0, run.status(), run.err());
    long epochs = Files.readAllLines(log).size() - 1;
    assertTrue(epochs < 40 && run.out().contains(" of " + epochs + ","), run.out());
  }

  @Test
  void arraysAreLearnedAsKerasFitTakesThem() throws IOException {
    Path arrays = folder.resolve("a.npz");
    Npz.write(arrays, Map.of("x", NpyArray.of(new float[6 * 4 * 2], 6, 4, 2), "y", NpyArray.of(new float[6 * 4], 6, 4, 1)));
    Rill run = Rill.run("train", description, arrays, "--epochs", 2, "--batch", 3, "-o", out);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().contains("2/2"), run.err());
    assertEquals(2, Rill.run("train", description, arrays, "--steps", 3, "-o", out).status());
  }

  @Test
  void arraysHaveTheShapeThatTheModelReads() throws IOException {
    Model words = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(5, 3), new LSTM(2), new Dense(1));
    words.initialize(1);
    words.compile("adam", "mse");
    Path file = folder.resolve("words.keras");
    words.save(file);
    Path ids = folder.resolve("ids.npz");
    Npz.write(ids, Map.of("x", NpyArray.of(new float[6 * 4], 6, 4), "y", NpyArray.of(new float[6], 6, 1)));
    Rill run = Rill.run("train", file, ids, "--epochs", 2, "-o", out);
    assertEquals(0, run.status(), run.err());
    Rill described = Rill.run("train", description, ids, "-o", out);
    assertTrue(described.status() == 1 && described.err().contains("(rows, time, features)"), described.err());
  }

  @Test
  void whatIsNeitherTablesNorOneFileOfArraysIsMisuse() throws IOException {
    Path array = folder.resolve("x.npy");
    Npy.write(array, NpyArray.of(new float[6 * 4 * 2], 6, 4, 2));
    Path arrays = folder.resolve("a.npz");
    Npz.write(arrays, Map.of("x", NpyArray.of(new float[6 * 4 * 2], 6, 4, 2), "y", NpyArray.of(new float[6], 6, 1)));
    Symbol left = Input.shape(4, 2);
    Symbol right = Input.shape(4, 2);
    Path two = folder.resolve("two.keras");
    Model model = Model.of(List.of(left, right), List.of(new LSTM(2).apply(new Add().apply(List.of(left, right)))));
    model.initialize(1);
    model.save(two);
    for (Object[] words : new Object[][] {{description, array}, {description, table, array}, {description, table, arrays}, {two, arrays}}) {
      Object[] all = new Object[words.length + 3];
      all[0] = "train";
      System.arraycopy(words, 0, all, 1, words.length);
      all[words.length + 1] = "-o";
      all[words.length + 2] = out;
      Rill run = Rill.run(all);
      assertEquals(2, run.status(), run.err());
      assertTrue(run.err().contains("expected one") || run.err().contains("DATA: expected tables"), run.err());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"layers\": [], \"more\": 1}", "{\"layers\": [{\"lstm\": 1, \"gru\": 2}]}", "{\"layers\": [{\"conv\": 1}]}",
      "{\"layers\": [{\"lstm\": 4, \"activation\": \"relu\"}]}", "{\"layers\": [{\"dense\": 1}], \"optimizer\": \"lion\"}",
      "{\"layers\": [{\"dense\": 0}]}"})
  void aDescriptionThatIsNoneIsRefused(String json) throws IOException {
    Files.writeString(description, json);
    Rill run = Rill.run("train", description, table, "-o", out);
    assertEquals(1, run.status());
    assertTrue(run.err().startsWith("rill: ") && !run.err().contains("internal error") && run.err().lines().count() == 1, run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--target other,x -o o.keras", "--steps 500 -o o.keras", "--ahead 200 -o o.keras"})
  void dataThatDoNotFitAreNamed(String options) {
    Object[] words = ("train " + description + " " + table + " " + options).split(" ");
    Rill run = Rill.run(words);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("t.csv"), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-o o.h5", "-o o.keras --validate 1", "-o o.keras --streams --batch 3", "-o o.keras --epochs 0"})
  void misuseIsNamed(String options) {
    assertEquals(2, Rill.run((Object[]) ("train " + description + " " + table + " " + options).split(" ")).status());
  }
}
