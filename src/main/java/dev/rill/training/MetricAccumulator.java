package dev.rill.training;

import dev.rill.kernels.Kernels;
import java.util.List;

/** Metrics of one output that count their rows alike, adding up from batch to batch. */
final class MetricAccumulator {
  private final Tally[] tallies;

  MetricAccumulator(List<Metric> metrics) {
    tallies = new Tally[metrics.size()];
    for (int m = 0; m < tallies.length; m++) {
      tallies[m] = metrics.get(m).tally();
    }
  }

  /** Counts one row; one of weight 0 is not looked at. */
  void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
    if (weight == 0) {
      return;
    }
    for (Tally tally : tallies) {
      tally.add(k, y, yAt, yWidth, p, pAt, width, weight);
    }
  }

  void reset() {
    for (Tally tally : tallies) {
      tally.reset();
    }
  }

  /** The figure of one metric. */
  double result(int metric) {
    return tallies[metric].result();
  }
}
