package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Model;
import dev.rill.Network;
import dev.rill.Session;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @Test
  void itFitsATerminalDrawsItsPageAndEndsWell(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("demo.html");
    Rill run = Rill.run("demo", "-o", page);
    assertEquals(0, run.status(), run.err());
    String html = Files.readString(page);
    assertTrue(html.contains("data-label=\"forecast\"") && html.contains("\"kind\":\"forget\""), "forecasts and gates");
    assertTrue(html.contains(Files.readString(Path.of("jmh", "plots", "forecast.svg"))), "the README's picture: run jmh/pictures");
    // The reason for scalar kernels may be a long one.
    assertTrue(run.out().lines().allMatch(line -> line.length() <= 80 || line.startsWith("Kernels")), run.out());
    String[] parts = {"Mauna Loa", "2001-12", "last month's value", "Keras ", "p99.9", "allocated a step"};
    for (String part : parts) {
      assertTrue(run.out().contains(part), run.out());
    }
  }

  @Test
  void theForecastsAreThoseOfKeras() throws IOException {
    DemoData data = DemoData.load();
    Session session = DemoData.model().freeze().session(1);
    Forecast stream = new Forecast(data, session, 0);
    stream.history(data.heldOut());
    DemoReport report = new DemoReport(data, stream.rest());
    // Outputs within 2e-6 + 1e-5 |y| are Keras' own; they are scaled by about one.
    assertTrue(report.largestDifference() < 1e-5, "" + report.largestDifference());
  }

  @Test
  void monthByMonthIsTheSameAsTheWholeSeriesAtOnce() throws IOException {
    DemoData data = DemoData.load();
    Model model = DemoData.model();
    Network network = model.freeze();
    Forecast stream = new Forecast(data, network.session(1), 0);
    double[] values = data.values();
    int steps = values.length - 2;
    Tensor x = Tensor.zeros(1, steps, 1);
    for (int i = 0; i < steps; i++) {
      x.array()[i] = (float) ((values[i + 1] - values[i]) / data.scale());
    }
    Tensor y = model.predict(x);
    double[] expected = new double[steps];
    for (int i = 0; i < steps; i++) {
      expected[i] = values[i + 1] + data.scale() * y.get(0, i, 0);
    }
    assertArrayEquals(expected, stream.rest());
  }
}
