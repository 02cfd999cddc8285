package dev.rill.training;

/** Precision, called so in Keras: which part of what is predicted to be true is so, {@code tp / (tp + fp)}; 0 if there is nothing. */
public final class PrecisionMetric extends ConfusionMetric<PrecisionMetric> {
  /** Describes the metric {@code precision}, of all classes. */
  public PrecisionMetric() {
    super("Precision", "precision");
  }

  /**
   * Counts as true only what is among the largest predictions of a row; of equals the first. Without a threshold none is needed.
   *
   * @param k how many
   * @return another description
   */
  public PrecisionMetric amongTopK(int k) {
    return onlyTopK(k);
  }

  /**
   * Looks at one class alone.
   *
   * @param id its index
   * @return another description
   */
  public PrecisionMetric classId(int id) {
    return onlyClass(id);
  }

  @Override
  double of(double truePositives, double falsePositives, double trueNegatives, double falseNegatives) {
    return share(truePositives, truePositives + falsePositives);
  }
}
