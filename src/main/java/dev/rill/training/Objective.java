package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.Tensor;
import java.util.List;

/**
 * What is learned and watched at one output.
 *
 * @param loss null if nothing is learned there
 * @param weight factor of the loss in the sum over all outputs
 * @param metrics do not count sample weights
 * @param weightedMetrics count them: the mean over rows counts each by its weight
 */
public record Objective(Loss loss, double weight, List<Metric> metrics, List<Metric> weightedMetrics) {
  /**
   * Copies the lists.
   *
   * @param loss null if nothing is learned there
   * @param weight factor of the loss in the sum over all outputs
   * @param metrics do not count sample weights
   * @param weightedMetrics count them: the mean over rows counts each by its weight
   */
  public Objective {
    metrics = List.copyOf(Require.all(metrics, "the metrics"));
    weightedMetrics = List.copyOf(Require.all(weightedMetrics, "the weighted metrics"));
  }

  /** Refuses targets that the loss or a metric cannot take. By index: an iterator would allocate in a warm batch. */
  void check(Tensor y, int yWidth, int width) {
    if (loss != null) {
      loss.check(y, width);
    }
    for (int m = 0; m < metrics.size(); m++) {
      metrics.get(m).check(y, yWidth, width);
    }
    for (int m = 0; m < weightedMetrics.size(); m++) {
      weightedMetrics.get(m).check(y, yWidth, width);
    }
  }
}
