package dev.rill.training;

import dev.rill.kernels.Kernels;

/** A metric that is the mean over rows of a function of targets and predictions, or made from that mean. */
abstract class RowMetric extends Metric {
  RowMetric(String className, String name) {
    super(className, name);
  }

  /** The value of one row; y has {@code yWidth} floats, p {@code width}. */
  abstract double row(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width);

  /** The figure, from the mean of all rows. */
  double result(double mean) {
    return mean;
  }

  @Override
  final Tally tally() {
    return new Mean(this);
  }

  private static final class Mean extends Tally {
    private final RowMetric metric;
    private double total;
    private double weights;

    Mean(RowMetric metric) {
      this.metric = metric;
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      total += weight * metric.row(k, y, yAt, yWidth, p, pAt, width);
      weights += weight;
    }

    @Override
    void reset() {
      total = 0;
      weights = 0;
    }

    @Override
    double result() {
      return metric.result(weights == 0 ? 0 : total / weights);
    }
  }
}
