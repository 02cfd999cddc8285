package dev.rill.training;

import dev.rill.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Losses and metrics of all outputs, adding up from batch to batch, and the names that Keras gives them: with several outputs the
 * layer's name stands in front, and a name that is taken already is told apart.
 */
final class LossesAndMetrics {
  private final List<Objective> objectives;
  private final MetricAccumulator[] plain;
  private final MetricAccumulator[] weighted;
  /** For each output the sum of the losses of its batches, and of what each counts. */
  private final double[] losses;
  private final double[] batches;
  /** The same, each batch counted by its rows, too. */
  private final double[] lossesOfRows;
  private final double[] rows;
  private double penalties;
  private double penaltyRows;
  /** Whether the loss of each output is a figure, too. */
  private final boolean apart;
  /** In Keras' order: the loss, metrics, weighted metrics, the losses of the outputs. */
  private final List<String> names = new ArrayList<>();
  private final Map<String, Metric> metrics = new HashMap<>();
  private final Logs logs = new Logs();

  LossesAndMetrics(List<String> outputs, List<Objective> objectives) {
    this.objectives = objectives;
    losses = new double[outputs.size()];
    batches = new double[outputs.size()];
    lossesOfRows = new double[outputs.size()];
    rows = new double[outputs.size()];
    plain = objectives.stream().map(objective -> new MetricAccumulator(objective.metrics())).toArray(MetricAccumulator[]::new);
    weighted = objectives.stream().map(objective -> new MetricAccumulator(objective.weightedMetrics())).toArray(MetricAccumulator[]::new);
    apart = objectives.stream().filter(objective -> objective.loss() != null).count() > 1;
    names(outputs);
    // Logs keep the order in which names come first; Keras sorts them.
    names.stream().sorted().forEach(name -> logs.put(name, Double.NaN));
  }

  private void names(List<String> outputs) {
    Map<String, Integer> taken = new HashMap<>();
    names.add("loss");
    for (int o = 0; o < outputs.size(); o++) {
      String front = outputs.size() > 1 ? outputs.get(o) + "_" : "";
      for (Metric metric : objectives.get(o).metrics()) {
        name(metric, counted(taken, front + metric.name()));
      }
    }
    for (int o = 0; o < outputs.size(); o++) {
      String front = outputs.size() > 1 ? outputs.get(o) + "_" : "";
      for (Metric metric : objectives.get(o).weightedMetrics()) {
        String name = front + metric.name();
        name(metric, counted(taken, taken.containsKey(name) ? front + "weighted_" + metric.name() : name));
      }
    }
    for (int o = 0; apart && o < outputs.size(); o++) {
      if (objectives.get(o).loss() != null) {
        names.add(outputs.get(o) + "_loss");
      }
    }
  }

  private void name(Metric metric, String name) {
    names.add(name);
    metrics.put(name, metric);
  }

  /** The name itself the first time, then with 1, 2 and so on behind it. */
  private static String counted(Map<String, Integer> taken, String name) {
    int before = taken.merge(name, 1, Integer::sum) - 1;
    return before == 0 ? name : name + "_" + before;
  }

  /**
   * Counts the loss of one output in a batch.
   *
   * @param value the mean over the batch
   * @param count rows of the batch
   * @param share how much of the batch is not padding, from 0 to 1
   */
  void loss(int output, double value, int count, double share) {
    losses[output] += value * share;
    batches[output] += share;
    lossesOfRows[output] += value * (count * share);
    rows[output] += count * share;
  }

  /**
   * Counts what regularizers add to the loss of a batch.
   *
   * @param count rows of the batch that are not padding
   */
  void penalty(double value, double count) {
    penalties += value * count;
    penaltyRows += count;
  }

  /**
   * Counts one row of an output.
   *
   * @param sampleWeight for weighted metrics
   */
  void watch(Kernels k, int output, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double sampleWeight) {
    plain[output].add(k, y, yAt, yWidth, p, pAt, width, 1);
    weighted[output].add(k, y, yAt, yWidth, p, pAt, width, sampleWeight);
  }

  void reset() {
    penalties = 0;
    penaltyRows = 0;
    Arrays.fill(losses, 0);
    Arrays.fill(batches, 0);
    Arrays.fill(lossesOfRows, 0);
    Arrays.fill(rows, 0);
    for (int o = 0; o < losses.length; o++) {
      plain[o].reset();
      weighted[o].reset();
    }
  }

  /**
   * All figures since the last reset; of two of one name the later one, as in Keras. Its loss counts each batch by its rows, that
   * of an output does not; what is padding counts in neither.
   */
  Logs logs() {
    int at = 0;
    logs.put(names.get(at++), loss());
    at = put(at, plain, false);
    at = put(at, weighted, true);
    for (int o = 0; apart && o < losses.length; o++) {
      if (objectives.get(o).loss() != null) {
        logs.put(names.get(at++), mean(losses[o], batches[o]));
      }
    }
    return logs;
  }

  /** The loss of the whole model: output by output, because padding may be elsewhere in each. */
  private double loss() {
    double sum = 0;
    for (int o = 0; o < losses.length; o++) {
      sum += mean(lossesOfRows[o], rows[o]) * objectives.get(o).weight();
    }
    return sum + mean(penalties, penaltyRows);
  }

  private static double mean(double sum, double count) {
    return count == 0 ? 0 : sum / count;
  }

  private int put(int from, MetricAccumulator[] watched, boolean weighted) {
    int at = from;
    for (int o = 0; o < watched.length; o++) {
      Objective own = objectives.get(o);
      for (int m = 0; m < (weighted ? own.weightedMetrics() : own.metrics()).size(); m++) {
        logs.put(names.get(at++), watched[o].result(m));
      }
    }
    return at;
  }

  /** Which values of a figure are better. */
  Mode direction(String name) {
    if (metrics.containsKey(name)) {
      return metrics.get(name).better();
    }
    return names.contains(name) ? Mode.MIN : Mode.AUTO;
  }
}
