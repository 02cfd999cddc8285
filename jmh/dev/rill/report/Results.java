package dev.rill.report;

import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What JMH wrote with {@code -rf json}, in one run or in several, found by the benchmark's name and parameters. */
final class Results {
  private final List<JsonObject> all = new ArrayList<>();

  static Results read(List<Path> files) throws IOException {
    Results results = new Results();
    for (Path file : files) {
      JsonArray array = (JsonArray) Json.parse(Files.readAllBytes(file), file.toString());
      for (int i = 0; i < array.size(); i++) {
        results.all.add(array.object(i));
      }
    }
    return results;
  }

  /** The results of one benchmark method, {@code Class.method}, with some parameters fixed. */
  List<JsonObject> of(String method, Map<String, String> fixed) {
    List<JsonObject> found = new ArrayList<>();
    for (JsonObject one : all) {
      boolean matches = one.string("benchmark").endsWith("." + method);
      for (Map.Entry<String, String> parameter : fixed.entrySet()) {
        matches = matches && parameter.getValue().equals(parameter(one, parameter.getKey()));
      }
      if (matches) {
        found.add(one);
      }
    }
    return found;
  }

  /** The best iterations by a parameter that is a number; empty if the benchmark did not run. */
  SortedMap<Double, Double> series(String method, Map<String, String> fixed, String parameter) {
    SortedMap<Double, Double> series = new TreeMap<>();
    for (JsonObject one : of(method, fixed)) {
      series.merge(Double.parseDouble(parameter(one, parameter)), best(one), Math::min);
    }
    return series;
  }

  /** The best iteration of a benchmark in all runs: what else goes on on a machine only adds to it. */
  double best(String method, Map<String, String> fixed) {
    return of(method, fixed).stream().mapToDouble(Results::best).min().orElse(Double.NaN);
  }

  private static double best(JsonObject result) {
    return Arrays.stream(iterations(result.object("primaryMetric"))).min().orElse(Double.NaN);
  }

  /** Medians of a counter beside the time, by a parameter. */
  SortedMap<Double, Double> series(String method, Map<String, String> fixed, String parameter, String counter) {
    SortedMap<Double, Double> series = new TreeMap<>();
    for (JsonObject one : of(method, fixed)) {
      series.put(Double.parseDouble(parameter(one, parameter)), counter(one, counter));
    }
    return series;
  }

  static String parameter(JsonObject result, String name) {
    return result.has("params") ? result.object("params").string(name, "") : "";
  }

  /** The median of all iterations of all forks: one that was disturbed does not move it. */
  static double median(JsonObject result) {
    return median(iterations(result.object("primaryMetric")));
  }

  static double counter(JsonObject result, String name) {
    return median(iterations(result.object("secondaryMetrics").object(name)));
  }

  private static double[] iterations(JsonObject metric) {
    JsonArray forks = metric.array("rawData");
    List<Double> values = new ArrayList<>();
    for (int fork = 0; fork < forks.size(); fork++) {
      for (int i = 0; i < forks.array(fork).size(); i++) {
        values.add(forks.array(fork).number(i));
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Single times of one iteration of a benchmark in {@code SampleTime}: [time, how often] in rising order. */
  static List<JsonArray> windows(JsonObject result) {
    JsonArray forks = result.object("primaryMetric").array("rawDataHistogram");
    List<JsonArray> windows = new ArrayList<>();
    for (int fork = 0; fork < forks.size(); fork++) {
      for (int i = 0; i < forks.array(fork).size(); i++) {
        windows.add(forks.array(fork).array(i));
      }
    }
    return windows;
  }

  /** The time that a share of a window's calls does not exceed. */
  static double percentile(JsonArray window, double share) {
    double total = 0;
    for (int i = 0; i < window.size(); i++) {
      total += window.array(i).number(1);
    }
    double seen = 0;
    for (int i = 0; i < window.size(); i++) {
      seen += window.array(i).number(1);
      if (seen >= share * total) {
        return window.array(i).number(0);
      }
    }
    return 0;
  }

  /** The Java that ran, in a few words. */
  String java() {
    JsonObject one = all.get(0);
    return one.string("vmName") + " " + one.string("vmVersion");
  }
}
