package dev.rill.cli;

import dev.rill.Model;
import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What the demo shows, all of it from the JAR: a public series, a model that real Keras trained on its early years, and
 * what Keras forecasts for the later ones. {@code testdata/demo.py} made it and says how inputs and forecasts are
 * computed.
 *
 * @param title of the series
 * @param unit of its values
 * @param source who measured it
 * @param scale values are divided by it
 * @param dates of the values
 * @param values the series
 * @param heldOut index of the first value that training never saw
 * @param kerasForecasts what Keras forecasts for the values from there on
 */
record DemoData(String title, String unit, String source, double scale, String[] dates, double[] values, int heldOut,
    double[] kerasForecasts) {

  static DemoData load() throws IOException {
    JsonObject about = Json.parseObject(bytes("demo.json"), "demo.json");
    List<String[]> series = table("series.csv");
    String[] dates = series.stream().map(row -> row[0]).toArray(String[]::new);
    int heldOut = List.of(dates).indexOf(about.string("held_out"));
    return new DemoData(about.string("title"), about.string("unit"), about.string("source"), about.number("scale"),
        dates, column(series, 1), heldOut, column(table("forecast.csv"), 2));
  }

  /** The model, by way of a file that is gone afterwards. */
  static Model model() throws IOException {
    Path file = Files.createTempFile("rill-demo", ".keras");
    try (InputStream in = open("model.keras")) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return Model.load(file);
    } finally {
      Files.delete(file);
    }
  }

  /** The lines of a table without its head, cut at commas. */
  private static List<String[]> table(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8).lines().skip(1).map(line -> line.split(",")).toList();
  }

  private static double[] column(List<String[]> table, int column) {
    return table.stream().mapToDouble(row -> Double.parseDouble(row[column])).toArray();
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = DemoData.class.getResourceAsStream("demo/" + name);
    if (in == null) {
      throw new IOException("this build of Rill lacks the demo's data: there is no resource demo/" + name);
    }
    return in;
  }
}
