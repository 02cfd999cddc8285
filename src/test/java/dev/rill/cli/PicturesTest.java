package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command that draws, from files to a file. */
class PicturesTest {
  @TempDir
  private Path folder;

  private Path write(String name, float[] values, int... shape) throws IOException {
    Path file = folder.resolve(name);
    Npy.write(file, NpyArray.of(values, shape));
    return file;
  }

  private String drawn(String name, Object... args) throws IOException {
    Path out = folder.resolve(name);
    Object[] all = new Object[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "-o";
    all[args.length + 1] = out;
    assertEquals(new Rill(0, "", ""), Rill.run(all));
    return Files.readString(out);
  }

  private static void assertMisuse(String reason, Object... args) {
    Rill run = Rill.run(args);
    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().contains(reason), run.err());
  }

  @Test
  void aTraceOfAModelThatStreamsAndOfOneThatDoesNot() throws IOException {
    Path in = write("in.npy", Samples.floats(1, 3 * 7 * 2, 1), 3, 7, 2);
    String page = drawn("t.html", "trace", Rill.model("state_stack_three"), in, "--gates", "--rows", "2,0");
    assertTrue(page.contains("\"rows\":2") && page.contains("\"forget\""), page.substring(0, 400));
    String backwards = drawn("b.html", "trace", Rill.model("stack_backwards_inside"), write("b.npy", Samples.floats(1, 7 * 3, 1), 1, 7, 3));
    assertTrue(backwards.contains("\"h\""));
  }

  @Test
  void rowsThatAreLeftOutAreSaid() throws IOException {
    Path in = write("in.npy", Samples.floats(1, 6 * 2 * 2, 1), 6, 2, 2);
    Rill run = Rill.run("trace", Rill.model("state_stack_three"), in, "-o", folder.resolve("t.html"));
    assertEquals(0, run.status());
    assertTrue(run.err().contains("the first 4 of 6 rows"), run.err());
  }

  @Test
  void textIsReadInItsAlphabet() throws IOException {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(3, 2), new LSTM(2));
    Path file = folder.resolve("text.keras");
    model.save(file);
    Path text = Files.writeString(folder.resolve("in.txt"), "abca");
    assertTrue(drawn("t.html", "trace", file, text, "--alphabet", "abc").contains("\"text\":[[\"a\",\"b\",\"c\",\"a\"]]"));
    assertMisuse("--alphabet", "trace", file, text, "-o", folder.resolve("t.html"));
    assertMisuse("the text has c at 2", "trace", file, text, "-o", folder.resolve("t.html"), "--alphabet", "ab");
  }

  @Test
  void whatCannotBeMeantIsMisuse() throws IOException {
    Path in = write("in.npy", Samples.floats(1, 7 * 2, 1), 1, 7, 2);
    Path model = Rill.model("state_stack_three");
    assertMisuse("-o OUT.html", "trace", model, in);
    assertMisuse("-o OUT.html", "trace", model, in, "-o", "x.svg");
    assertMisuse("rows from 0 to 0", "trace", model, in, "-o", folder.resolve("t.html"), "--rows", "1");
    assertMisuse(".svg or .html", "curves", in, "-o", "x.png");
    assertMisuse("KIND", "judge", "pie", in, in, "-o", "x.svg");
    assertMisuse(".svg or .html", "summary", model, "--graph", "x");
    assertFalse(Files.exists(folder.resolve("t.html")));
  }

  @Test
  void theReadmeHasTheGraphThatIsDrawn() throws IOException {
    Path graph = folder.resolve("model.svg");
    assertEquals(0, Rill.run("summary", Rill.model("train_encoder_decoder_gru"), "--graph", graph).status());
    assertEquals(Files.readString(Path.of("jmh", "plots", "model.svg")), Files.readString(graph), "run jmh/pictures");
  }

  @Test
  void curvesJudgementsAndGraphs() throws IOException {
    Path log = Files.writeString(folder.resolve("log.csv"), "epoch,loss\n0,0.5\n1,0.25\n");
    assertTrue(drawn("c.svg", "curves", log, log).contains("data-y=\"0.5 0.25\""));
    Path truth = write("y.npy", new float[] {0, 1, 1}, 3, 1);
    Path predicted = write("p.npy", new float[] {0.2f, 0.7f, 0.6f}, 3, 1);
    for (String kind : new String[] {"confusion", "roc", "pr", "residuals", "forecast"}) {
      assertTrue(drawn("j.svg", "judge", kind, truth, predicted).startsWith("<svg"), kind);
      assertTrue(drawn("j.html", "judge", kind, truth, predicted).contains("<svg"), kind);
    }
    assertEquals(2, drawn("f.svg", "judge", "forecast", truth, predicted, "--resets", "0,2").split("class=\"mark\"", -1).length - 1);
    assertMisuse("goes with forecast", "judge", "roc", truth, predicted, "--resets", "0", "-o", "x.svg");
    assertMisuse("steps from 0 to 2", "judge", "forecast", truth, predicted, "--resets", "3", "-o", "x.svg");
    Path graph = folder.resolve("g.svg");
    assertEquals(0, Rill.run("summary", Rill.model("graph_two_towers"), "--graph", graph).status());
    assertTrue(Files.readString(graph).contains("class=\"edge\""));
  }
}
