package dev.rill.charts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dot;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.NestedModel;
import dev.rill.layers.PReLU;
import dev.rill.layers.Symbol;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Adam;
import dev.rill.training.CsvLog;
import dev.rill.training.Fit;
import dev.rill.training.History;
import dev.rill.training.LearningRateScheduler;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What pictures draw, read back from the SVG, equals what was computed. */
class ChartsTest {
  /** Fails if it is no XML. */
  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> with(Document svg, String classes) {
    List<Element> found = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      if (((Element) all.item(i)).getAttribute("class").equals(classes)) {
        found.add((Element) all.item(i));
      }
    }
    return found;
  }

  private static double[] numbers(Element element, String name) {
    return Arrays.stream(element.getAttribute(name).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** The places of a line's points lie where its numbers say: the same linear map for all. */
  private static void assertDrawn(Element series) {
    double[] y = numbers(series, "data-y");
    String path = ((Element) series.getElementsByTagName("path").item(0)).getAttribute("d");
    String[] points = path.substring(1).split("[ML]");
    assertEquals(y.length, points.length);
    int low = 0;
    int high = 0;
    for (int i = 0; i < y.length; i++) {
      low = y[i] < y[low] ? i : low;
      high = y[i] > y[high] ? i : high;
    }
    double bottom = Double.parseDouble(points[low].split(" ")[1]);
    double top = Double.parseDouble(points[high].split(" ")[1]);
    for (int i = 0; i < y.length && y[high] > y[low]; i++) {
      double expected = bottom + (y[i] - y[low]) / (y[high] - y[low]) * (top - bottom);
      assertEquals(expected, Double.parseDouble(points[i].split(" ")[1]), 0.02);
    }
  }

  private static History trained(Path log) throws Exception {
    Sequential model = Sequential.of(Input.shape(4, 2), new LSTM(3), new Dense(1));
    model.initialize(1);
    model.compile(new Adam(0.05), new MeanSquaredError(), Metric.named("mae"));
    Tensor x = Tensor.of(Samples.floats(1, 12 * 8, 1), 12, 4, 2);
    Tensor y = Tensor.of(Samples.floats(2, 12, 1), 12, 1);
    return model.fit(x, y, new Fit().epochs(6).batchSize(4).validation(List.of(x), List.of(y)).validationFrequency(2).verbosity(0)
        .callbacks(new CsvLog(log)));
  }

  @Test
  void curvesAreThoseOfTheHistoryAndOfItsLog(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log.csv");
    History history = trained(log);
    Document svg = parse(new TrainingCurves("two").run("<memory>", history).run("file", log).svg());
    List<Element> series = with(svg, "series");
    assertEquals(2 * 2 * 2, series.size(), "loss and mae, training and validation, two runs");
    int at = 0;
    for (String figure : List.of("loss", "mae")) {
      for (String run : List.of("<memory>", "file")) {
        for (String part : List.of("training", "validation")) {
          String name = part.equals("training") ? figure : "val_" + figure;
          Element drawn = series.get(at++);
          assertEquals(run + ", " + part, drawn.getAttribute("data-label"));
          assertArrayEquals(history.get(name).stream().mapToDouble(v -> v).toArray(), numbers(drawn, "data-y"), 1e-7, name);
          assertArrayEquals(history.epochs(name).stream().mapToDouble(e -> e).toArray(), numbers(drawn, "data-x"));
          assertDrawn(drawn);
        }
      }
    }
    assertEquals(List.of(1, 3, 5), history.epochs("val_loss"));
  }

  @Test
  void aLearningRateThatIsLoggedIsDrawn() throws Exception {
    Sequential model = Sequential.of(Input.shape(4, 2), new LSTM(3), new Dense(1));
    model.compile(new Adam(1), new MeanSquaredError());
    History history = model.fit(Tensor.zeros(4, 4, 2), Tensor.zeros(4, 1), new Fit().epochs(3).verbosity(0)
        .callbacks(new LearningRateScheduler((epoch, rate) -> rate / 2)));
    Element rate = with(parse(new TrainingCurves("rate").run("run", history).svg()), "series").get(1);
    assertArrayEquals(new double[] {0.5, 0.25, 0.125}, numbers(rate, "data-y"));
    assertDrawn(rate);
  }

  @Test
  void aLogThatIsNoneIsRefused(@TempDir Path folder) throws Exception {
    for (String text : List.of("", "1,2\n", "epoch,loss\n0,1,2\n", "epoch,loss\n0,x\n")) {
      Path log = Files.writeString(folder.resolve("bad.csv"), text);
      assertThrows(FormatException.class, () -> new TrainingCurves("t").run("r", log), text);
    }
    assertThrows(RillException.class, () -> new TrainingCurves("t").svg());
    Path log = Files.writeString(folder.resolve("quoted.csv"), "epoch,\"a,\"\"b\"\"\"\r\n0,NA\r\n1,inf\r\n2,0.5\r\n");
    Element series = with(parse(new TrainingCurves("t").run("r", log).svg()), "series").get(0);
    assertEquals("Infinity 0.5", series.getAttribute("data-y"));
  }

  @Test
  void aConfusionMatrixCounts() throws Exception {
    Tensor y = Tensor.of(new float[] {0, 1, 2, 2, 1}, 5, 1);
    Tensor p = Tensor.of(new float[] {0.9f, 0, 0.1f, 0.2f, 0.7f, 0.1f, 0, 0, 1, 0.5f, 0.5f, 0, 0.1f, 0.1f, 0.8f}, 5, 3);
    ConfusionMatrix matrix = new ConfusionMatrix("m", y, p, "a", "b<", "c");
    assertEquals(1, matrix.count(0, 0));
    assertEquals(1, matrix.count(1, 2));
    assertEquals(1, matrix.count(2, 0), "of equals the first");
    List<Element> cells = with(parse(matrix.svg()), "count");
    assertEquals(9, cells.size());
    for (Element cell : cells) {
      assertEquals(matrix.count(Integer.parseInt(cell.getAttribute("data-target")), Integer.parseInt(cell.getAttribute("data-predicted"))),
          Long.parseLong(cell.getAttribute("data-count")));
    }
    Tensor binary = Tensor.of(new float[] {0.5f, 0.6f}, 2, 1);
    assertEquals(1, new ConfusionMatrix("m", Tensor.of(new float[] {1, 1}, 2), binary).count(1, 0), "a half is not above it");
    assertThrows(ShapeException.class, () -> new ConfusionMatrix("m", Tensor.zeros(4), p));
    assertThrows(RillException.class, () -> new ConfusionMatrix("m", Tensor.of(new float[] {0, 1, 7, 2, 1}, 5), p));
    assertThrows(RillException.class, () -> new ConfusionMatrix("m", y, p, "a"));
  }

  /** Expected values by counting by hand; ties are one step. */
  @Test
  void curvesOfAClassifierAreExact() throws Exception {
    Tensor y = Tensor.of(new float[] {1, 0, 1, 0, 1}, 5);
    Tensor p = Tensor.of(new float[] {0.9f, 0.8f, 0.8f, 0.3f, 0.2f}, 5, 1);
    Element roc = with(parse(PredictionCharts.roc("r", y, p).svg()), "series").get(0);
    assertArrayEquals(new double[] {0, 0, 0.5, 1, 1}, numbers(roc, "data-x"));
    assertArrayEquals(new double[] {0, 1 / 3.0, 2 / 3.0, 2 / 3.0, 1}, numbers(roc, "data-y"));
    assertEquals("area 0.5833", roc.getAttribute("data-label"));
    Element pr = with(parse(PredictionCharts.precisionRecall("r", y, p).svg()), "series").get(0);
    assertArrayEquals(new double[] {1 / 3.0, 2 / 3.0, 2 / 3.0, 1}, numbers(pr, "data-x"));
    assertArrayEquals(new double[] {1, 2 / 3.0, 0.5, 0.6}, numbers(pr, "data-y"));
    assertEquals("average 0.7556", pr.getAttribute("data-label"));
    assertThrows(RillException.class, () -> PredictionCharts.roc("r", Tensor.zeros(5), p), "one class alone");
  }

  @Test
  void residualsAndForecastsAreTheNumbersGiven() throws Exception {
    Tensor y = Tensor.of(new float[] {1, 2, 4}, 3, 1);
    Tensor p = Tensor.of(new float[] {1.5f, 2, 3}, 3, 1);
    Element residuals = with(parse(PredictionCharts.residuals("r", y, p).svg()), "series").get(0);
    assertArrayEquals(new double[] {-0.5, 0, 1}, numbers(residuals, "data-y"));
    assertArrayEquals(new double[] {1.5, 2, 3}, numbers(residuals, "data-x"));
    assertEquals(3, residuals.getElementsByTagName("circle").getLength());
    Document svg = parse(PredictionCharts.forecast("f", new double[] {1, 2, 4}, new double[] {1.5, 2, 3}, 2).svg());
    assertArrayEquals(new double[] {1, 2, 4}, numbers(with(svg, "series").get(0), "data-y"));
    assertDrawn(with(svg, "series").get(1));
    Element mark = with(svg, "mark").get(0);
    assertEquals("2.0", mark.getAttribute("data-x"));
    String line = ((Element) with(svg, "series").get(0).getElementsByTagName("path").item(0)).getAttribute("d");
    assertEquals(line.substring(1).split("[ML]")[2].split(" ")[0], mark.getAttribute("d").substring(1).split(" ")[0], "where step 2 is drawn");
    assertThrows(ShapeException.class, () -> PredictionCharts.forecast("f", new double[2], new double[3]));
  }

  @Test
  void aModelIsDrawnWithWhatStreamsAndWhatDoesNot() throws Exception {
    Symbol in = Input.named("in", Shape.UNKNOWN, 3);
    Symbol masked = new Masking(0).named("skip").apply(in);
    Symbol h = new LSTM(5).returnSequences(true).named("carries").apply(masked);
    Symbol both = new Bidirectional(new LSTM(2)).named("both").apply(h);
    Model model = Model.of(in, new Dense(1).named("out").apply(both));
    Document svg = parse(new ModelGraph(model).svg());
    assertEquals(5, with(svg, "layer").size());
    assertEquals(4, with(svg, "edge").size());
    assertEquals(1, with(svg, "warn").size());
    String text = svg.getDocumentElement().getTextContent();
    assertTrue(text.contains("a stream carries h[5] c[5]"), text);
    assertTrue(text.contains("does not stream, as marked"), text);
    assertTrue(text.contains("passes over masked steps"), text);
    assertTrue(text.contains("180 weights"), text);
    Element edge = with(svg, "edge").get(1);
    assertEquals("skip", edge.getAttribute("data-from"));
    assertEquals("carries", edge.getAttribute("data-to"));
  }

  @Test
  void aChartIsDrawnOverOnATerminalAndOnceElsewhere(@TempDir Path folder) throws Exception {
    for (boolean live : new boolean[] {true, false}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Sequential model = Sequential.of(Input.shape(4, 2), new LSTM(3), new Dense(1));
      model.compile("adam", "mse");
      Tensor x = Tensor.of(Samples.floats(1, 12 * 8, 1), 12, 4, 2);
      model.fit(x, Tensor.zeros(12, 1), new Fit().epochs(3).verbosity(0)
          .callbacks(new LiveChart(new PrintStream(bytes, true, StandardCharsets.UTF_8), live)));
      String text = bytes.toString(StandardCharsets.UTF_8);
      assertEquals(live ? 2 : 0, text.split("\u001b\\[14A", -1).length - 1);
      assertEquals(live ? 3 : 1, text.split("loss after epoch", -1).length - 1);
      assertTrue(text.contains("after epoch 3 of 3"), text);
    }
  }

  @Test
  void aModelWithoutObstaclesIsOneThatStreams() {
    Symbol in = Input.shape(6, 3);
    Symbol steps = new LSTM(3).returnSequences(true).apply(in);
    List<Symbol> outputs = List.of(steps, new Dot(2, 2).apply(List.of(in, steps)), new Concatenate(1).apply(List.of(in, steps)),
        new PReLU().apply(in), new Bidirectional(new LSTM(2)).apply(in));
    for (Symbol output : outputs) {
      Model each = Model.of(in, output);
      assertEquals(each.freeze().streams(), !new ModelGraph(each).svg().contains("does not"), output.toString());
    }
    assertTrue(Model.of(in, steps).freeze().streams());
    for (Model nested : List.of(encoderAndDecoder(), twice())) {
      Model whole = Model.of(in, new NestedModel(nested.graph()).apply(in));
      assertFalse(whole.freeze().streams());
      assertTrue(new ModelGraph(whole).svg().contains("does not"), "what stands in the way within a model");
    }
  }

  private static Model encoderAndDecoder() {
    Symbol in = Input.shape(6, 3);
    List<Symbol> encoded = new LSTM(4).returnState(true).named("encoder").call(in);
    return Model.of(in, new LSTM(4).returnSequences(true).named("decoder").call(in, encoded.get(1), encoded.get(2)).get(0));
  }

  private static Model twice() {
    Symbol in = Input.shape(6, 3);
    LSTM one = new LSTM(3).returnSequences(true);
    return Model.of(in, one.apply(one.apply(in)));
  }

  @Test
  void ticksAreRoundAndReachAround() {
    assertArrayEquals(new double[] {0, 1, 2}, Ticks.whole(0, 2), "epochs are counted");
    assertArrayEquals(new double[] {0, 2, 4, 6, 8, 10}, Ticks.of(0, 10));
    assertArrayEquals(new double[] {-0.5, 0, 0.5, 1}, Ticks.of(-0.3, 1), 1e-15);
    assertEquals("0.05", Ticks.text(0.05, new double[] {0, 0.05}));
    assertEquals("1000", Ticks.text(1000, new double[] {0, 1000}));
    assertTrue(Ticks.of(3, 3)[0] <= 3 && Ticks.of(3, 3).length >= 2);
    assertFalse(Ticks.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).length < 2);
  }

  @Test
  void aNameSaysWhatIsWritten(@TempDir Path folder) throws Exception {
    Picture picture = PredictionCharts.forecast("a & b", new double[] {1}, new double[] {1});
    picture.write(folder.resolve("p.svg"));
    picture.write(folder.resolve("p.html"));
    assertTrue(Files.readString(folder.resolve("p.svg")).startsWith("<svg"));
    assertTrue(Files.readString(folder.resolve("p.html")).startsWith("<!doctype html>"));
    assertThrows(RillException.class, () -> picture.write(folder.resolve("p.png")));
  }
}
