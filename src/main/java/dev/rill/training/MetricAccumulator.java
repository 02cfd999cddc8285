package dev.rill.training;

import dev.rill.kernels.Kernels;
import java.util.Arrays;
import java.util.List;

/** Metrics of one output that count their rows alike, adding up from batch to batch. */
final class MetricAccumulator {
  private final Metric[] metrics;
  private final double[] totals;
  private double weights;

  MetricAccumulator(List<Metric> metrics) {
    this.metrics = metrics.toArray(new Metric[0]);
    totals = new double[metrics.size()];
  }

  /** Counts one row; one of weight 0 is not looked at. */
  void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
    if (weight == 0) {
      return;
    }
    for (int m = 0; m < metrics.length; m++) {
      totals[m] += weight * metrics[m].row(k, y, yAt, yWidth, p, pAt, width);
    }
    weights += weight;
  }

  void reset() {
    Arrays.fill(totals, 0);
    weights = 0;
  }

  /** The figure of one metric; where nothing has counted, that of a mean of 0, as in Keras. */
  double result(int metric) {
    return metrics[metric].result(weights == 0 ? 0 : totals[metric] / weights);
  }
}
