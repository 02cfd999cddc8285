package dev.rill.charts;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.training.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loss, metrics and whatever else logs hold, over epochs: a plot a figure, that of validation dashed beside it, all runs in it. From
 * the history of {@code fit} or from what a {@link dev.rill.training.CsvLog}, or Keras' {@code CSVLogger}, has written.
 *
 * <pre>{@code
 * new TrainingCurves("Adam").run("rate 0.01", model.fit(...)).run("rate 0.1", Path.of("log.csv")).write(Path.of("curves.svg"))
 * }</pre>
 */
public final class TrainingCurves extends Picture {
  private static final String VALIDATION = "val_";

  /** A figure's epochs and values. */
  private record Curve(List<Double> epochs, List<Double> values) {
    Curve() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(double epoch, double value) {
      epochs.add(epoch);
      values.add(value);
    }
  }

  private record Run(String name, Map<String, Curve> curves) {}

  private final String title;
  private final List<Run> runs;

  /**
   * Describes a picture without a run.
   *
   * @param title above it
   */
  public TrainingCurves(String title) {
    this(title, List.of());
  }

  private TrainingCurves(String title, List<Run> runs) {
    this.title = Require.given(title, "the title");
    this.runs = runs;
  }

  private TrainingCurves with(Run run) {
    List<Run> more = new ArrayList<>(runs);
    more.add(run);
    return new TrainingCurves(title, more);
  }

  /**
   * Adds a run.
   *
   * @param name in the legend
   * @param history what {@code fit} has returned
   * @return another picture
   */
  public TrainingCurves run(String name, History history) {
    Map<String, Curve> curves = new LinkedHashMap<>();
    Require.given(name, "the name");
    for (String figure : Require.given(history, "the history").names()) {
      Curve curve = new Curve();
      for (int i = 0; i < history.get(figure).size(); i++) {
        curve.add(history.epochs(figure).get(i), history.get(figure).get(i));
      }
      curves.put(figure, curve);
    }
    return with(new Run(name, curves));
  }

  /**
   * Adds a run.
   *
   * @param name in the legend
   * @param log lines of numbers with commas between them, epoch first; names of columns may come anew
   * @return another picture
   * @throws IOException if it cannot be read
   * @throws FormatException if it is no such log
   */
  public TrainingCurves run(String name, Path log) throws IOException {
    Map<String, Curve> curves = new LinkedHashMap<>();
    List<String> columns = null;
    int number = 0;
    Require.given(name, "the name");
    for (String line : Files.readAllLines(Require.given(log, "the log"), StandardCharsets.UTF_8)) {
      number++;
      if (line.isEmpty()) {
        continue;
      }
      List<String> cells = cells(line);
      if (cells.get(0).equals("epoch")) {
        columns = cells;
      } else if (columns == null || cells.size() != columns.size()) {
        throw new FormatException(log + ", line " + number + ": expected " + (columns == null ? "names of columns, epoch first"
            : columns.size() + " columns") + ", found " + cells.size() + " cells");
      } else {
        for (int c = 1; c < cells.size(); c++) {
          if (!cells.get(c).equals("NA") && !cells.get(c).isEmpty()) {
            curves.computeIfAbsent(columns.get(c), figure -> new Curve())
                .add(value(cells.get(0), log, number), value(cells.get(c), log, number));
          }
        }
      }
    }
    if (curves.isEmpty()) {
      throw new FormatException(log + ": expected the log of a run, found no epoch in it");
    }
    return with(new Run(name, curves));
  }

  private static double value(String cell, Path log, int line) {
    try {
      return switch (cell) {
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> Double.parseDouble(cell);
      };
    } catch (NumberFormatException e) {
      throw new FormatException(log + ", line " + line + ": expected a number, found " + cell);
    }
  }

  /** Cells of a line; one in quotes may hold commas and doubled quotes. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  private List<Plot> plots() {
    Set<String> figures = new LinkedHashSet<>();
    for (Run run : runs) {
      for (String name : run.curves.keySet()) {
        figures.add(name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name);
      }
    }
    if (figures.isEmpty()) {
      throw new RillException("expected at least one run with an epoch to draw, got none");
    }
    List<Plot> plots = new ArrayList<>();
    for (String figure : figures) {
      Plot plot = new Plot(figure, "epoch", "").counted();
      for (int r = 0; r < runs.size(); r++) {
        add(plot, runs.get(r), figure, "training", r, Plot.Style.LINE);
        add(plot, runs.get(r), VALIDATION + figure, "validation", r, Plot.Style.DASHED);
      }
      plots.add(plot);
    }
    return plots;
  }

  private void add(Plot plot, Run run, String figure, String part, int hue, Plot.Style style) {
    Curve curve = run.curves.get(figure);
    if (curve != null) {
      plot.series(runs.size() > 1 ? run.name + ", " + part : part, hue, style, array(curve.epochs), array(curve.values));
    }
  }

  private static double[] array(List<Double> values) {
    double[] array = new double[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  @Override
  public String svg() {
    return new PlotPicture(title, plots()).svg();
  }

  @Override
  public String html() {
    return new PlotPicture(title, plots()).html();
  }
}
