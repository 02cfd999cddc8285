package dev.rill.report;

import dev.rill.io.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** Tables and plots of the benchmarks of scale, with the roofs of their run drawn in. */
final class Scale {
  private static final List<String> LAYERS = List.of("lstm", "gru");
  private static final int TRAINING_STEPS = 50;
  private static final int TRAINING_ROWS = 32;

  private final Results results;
  private final Roofs roofs;
  private final Path folder;
  private final String caption;
  private final StringBuilder text = new StringBuilder();

  Scale(Results results, Path folder, String machine) {
    this.results = results;
    this.roofs = new Roofs(results);
    this.folder = folder;
    caption = machine;
  }

  String write() throws IOException {
    if (!roofs.measured()) {
      throw new IOException("no roof among the results: run RoofBenchmark together with the others");
    }
    roof();
    units();
    rows();
    steps();
    sessions();
    threads();
    training("Training, by units", "training-units", "units", units -> units / 2, units -> units);
    training("Training, by rows", "training-rows", "rows", rows -> 64, rows -> 128);
    return text.toString();
  }

  private void roof() {
    section("The machine", "Weights streamed with one multiply-add a vector, and multiply-adds of registers alone: "
        + Table.number(roofs.peak()) + " GFLOP/s. What follows is compared with these.");
    text.append(new Table("kilobytes", roofs.bandwidth().keySet()).row("GB/s", roofs.bandwidth())).append('\n');
  }

  private void units() throws IOException {
    BiFunction<String, Double, Double> roof = (layer, units) ->
        roofs.step(new Roofs.Cell(layer, units.intValue(), units.intValue()), 1) / 1000;
    Curves curves = new Curves("ScaleBenchmark.units", "units", (layer, key, nanos) -> nanos / 1000, roof);
    if (curves.absent()) {
      return;
    }
    double[] range = curves.overRoof(64);
    section("Units", "One row, one step, as many inputs as units; µs a step.");
    curves.plot("units", format("From 64 units a step takes %.2f to %.2f times as long as loading its weights", range[0], range[1]),
        "units (as many inputs)", "µs a step, one row", 2);
    curves.table("units", "µs");
  }

  private void rows() throws IOException {
    Curves curves = new Curves("ScaleBenchmark.rows", "rows", (layer, rows, nanos) -> nanos / rows,
        (layer, rows) -> roofs.step(new Roofs.Cell(layer, 64, 128), rows.intValue()) / rows);
    if (curves.absent()) {
      return;
    }
    double cliff = LAYERS.stream().mapToDouble(layer -> cliff(curves.measured(layer))).max().orElse(1);
    section("Rows", "64→128, one step; ns a row.");
    curves.plot("rows", format("A row in company is cheaper; at worst one more makes each %.0f %% dearer", 100 * (cliff - 1)),
        "rows in a call", "ns a row and step, 64→128", 2);
    curves.table("rows", "ns a row");
  }

  /** The largest factor by which the cost of a row rises from one number of rows to the next measured, at least 1. */
  private static double cliff(SortedMap<Double, Double> perRow) {
    double cliff = 1;
    double before = Double.MAX_VALUE;
    for (double cost : perRow.values()) {
      cliff = Math.max(cliff, cost / before);
      before = cost;
    }
    return cliff;
  }

  private void steps() throws IOException {
    Curves curves = new Curves("ScaleBenchmark.steps", "steps", (layer, steps, nanos) -> nanos / steps,
        (layer, steps) -> roofs.stretch(new Roofs.Cell(layer, 64, 128), steps.intValue()));
    if (curves.absent()) {
      return;
    }
    SortedMap<Double, Double> lstm = curves.measured("lstm");
    section("Time steps", "64→128, one row, all steps in one call; ns a step. In a stretch the kernel is "
        + "loaded once and its operations done at the peak; the recurrent kernel must be loaded for each step.");
    curves.plot("steps", format("Of %s steps in one call each takes %.0f %% of a step alone", Table.number(lstm.lastKey()),
        100 * lstm.get(lstm.lastKey()) / lstm.get(lstm.firstKey())), "time steps in a call", "ns a step, one row, 64→128", 10);
    curves.table("steps in a call", "ns a step");
  }

  private void sessions() throws IOException {
    Curves curves = new Curves("ScaleSessionsBenchmark.inTurn", "sessions", (layer, sessions, nanos) -> nanos,
        (layer, sessions) -> roofs.step(new Roofs.Cell(layer, 64, 128), 1));
    if (curves.absent()) {
      return;
    }
    SortedMap<Double, Double> lstm = curves.measured("lstm");
    section("Sessions", "64→128, sessions of one row that share a workspace, stepped in turn; ns a step. Bytes are what the heap "
        + "grows by for each.");
    curves.plot("sessions", format("With %s sessions in turn a step takes %.2f times as long as with one",
        Table.number(lstm.lastKey()), lstm.get(lstm.lastKey()) / lstm.get(lstm.firstKey())),
        "sessions of one row on one model, stepped in turn", "ns a step, 64→128", 10);
    Table table = curves.rows(new Table("sessions", lstm.keySet()), "ns");
    for (String layer : LAYERS) {
      table.row(name(layer) + ", bytes",
          results.series("ScaleSessionsBenchmark.inTurn", Map.of("layer", layer), "sessions", "bytesPerSession"));
    }
    text.append(table).append('\n');
  }

  private void threads() {
    Set<Map<String, String>> cases = new LinkedHashSet<>();
    for (JsonObject one : results.of("ScaleBenchmark.oneThread", Map.of())) {
      cases.add(Map.of("layer", Results.parameter(one, "layer"), "size", Results.parameter(one, "size")));
    }
    if (cases.isEmpty()) {
      return;
    }
    section("Threads", "A session for each thread on one network, all stepping at once.");
    text.append("| layer | one thread, ns a step | two threads, ns a step | steps a second, two over one |\n|---|---|---|---|\n");
    for (Map<String, String> one : cases) {
      double first = results.best("ScaleBenchmark.oneThread", one);
      double second = results.best("ScaleBenchmark.twoThreads", one);
      text.append(format("| %s %s | %s | %s | %.2f |\n", name(one.get("layer")), one.get("size").replace("->", "→"),
          Table.number(first), Table.number(second), 2 * first / second));
    }
    text.append('\n');
  }

  private void training(String title, String file, String by, IntFunction<Integer> inputs, IntFunction<Integer> units)
      throws IOException {
    BiFunction<String, Double, Double> flops = (layer, key) -> {
      int rows = by.equals("rows") ? key.intValue() : TRAINING_ROWS;
      Roofs.Cell cell = new Roofs.Cell(layer, inputs.apply(key.intValue()), units.apply(key.intValue()));
      return 3 * cell.flops() * rows * TRAINING_STEPS;
    };
    Curves curves = new Curves("ScaleTrainingBenchmark." + by, by, (layer, key, nanos) -> flops.apply(layer, key) / nanos,
        (layer, key) -> roofs.peak());
    if (curves.absent()) {
      return;
    }
    SortedMap<Double, Double> lstm = curves.measured("lstm");
    section(title, "BatchPredictor, backward and RMSprop of " + TRAINING_STEPS + " steps, a softmax on the last; "
        + (by.equals("rows") ? "64→128." : TRAINING_ROWS + " rows, half as many inputs as units."));
    curves.plot(file, format("Training reaches %.0f %% of the multiply-add peak at %s %s", 100 * lstm.get(lstm.lastKey())
        / roofs.peak(), Table.number(lstm.lastKey()), by), by, "GFLOP/s of a batch of " + TRAINING_STEPS + " steps, one thread", 2);
    Table table = curves.rows(new Table(by, lstm.keySet()), "GFLOP/s");
    for (String layer : LAYERS) {
      SortedMap<Double, Double> millis = new TreeMap<>();
      curves.measured(layer).forEach((key, rate) -> millis.put(key, flops.apply(layer, key) / rate / 1e6));
      table.row(name(layer) + ", ms a batch", millis);
    }
    text.append(table).append('\n');
  }

  private void section(String title, String what) {
    text.append("\n## ").append(title).append("\n\n").append(what).append("\n\n");
  }

  private static String name(String layer) {
    return layer.toUpperCase(Locale.ROOT);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Turns the time of a call into what the plot shows. */
  private interface Shown {
    double of(String layer, double key, double nanos);
  }

  /** The LSTM's and the GRU's values of one benchmark by one parameter, and the roof at each. */
  private final class Curves {
    private final Map<String, SortedMap<Double, Double>> measured = new TreeMap<>();
    private final Map<String, SortedMap<Double, Double>> roof = new TreeMap<>();

    Curves(String method, String parameter, Shown shown, BiFunction<String, Double, Double> roofAt) {
      for (String layer : LAYERS) {
        SortedMap<Double, Double> values = new TreeMap<>();
        SortedMap<Double, Double> limits = new TreeMap<>();
        results.series(method, Map.of("layer", layer), parameter).forEach((key, nanos) -> {
          values.put(key, shown.of(layer, key, nanos));
          limits.put(key, roofAt.apply(layer, key));
        });
        measured.put(layer, values);
        roof.put(layer, limits);
      }
    }

    boolean absent() {
      return LAYERS.stream().anyMatch(layer -> measured.get(layer).isEmpty());
    }

    SortedMap<Double, Double> measured(String layer) {
      return measured.get(layer);
    }

    /** The least and the greatest factor over the roof from some size on. */
    double[] overRoof(double from) {
      double[] range = {Double.MAX_VALUE, 0};
      for (String layer : LAYERS) {
        measured.get(layer).tailMap(from).forEach((key, value) -> {
          range[0] = Math.min(range[0], value / roof.get(layer).get(key));
          range[1] = Math.max(range[1], value / roof.get(layer).get(key));
        });
      }
      return range;
    }

    void plot(String file, String title, String x, String y, int base) throws IOException {
      Plot plot = new Plot(title, x, y, caption, base);
      boolean oneRoof = roof.get("lstm").equals(roof.get("gru"));
      for (String layer : LAYERS) {
        String hue = layer.equals("lstm") ? "a" : "b";
        plot.line(name(layer), hue, measured.get(layer));
        if (!oneRoof) {
          plot.roof("roof, " + name(layer), hue, roof.get(layer));
        }
      }
      if (oneRoof) {
        plot.roof("multiply-add peak", "c", roof.get("lstm"));
      }
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(file + ".svg"), plot.svg());
      text.append(format("![%s](%s.svg)\n\n", title, file));
    }

    void table(String head, String unit) {
      text.append(rows(new Table(head, measured.get("lstm").keySet()), unit)).append('\n');
    }

    Table rows(Table table, String unit) {
      for (String layer : LAYERS) {
        table.row(name(layer) + ", " + unit, measured.get(layer));
        if (!roof.get("lstm").equals(roof.get("gru"))) {
          table.row("its roof", roof.get(layer));
        }
      }
      return table;
    }
  }
}
