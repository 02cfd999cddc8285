package dev.rill.training;

/** Recall: which part of what is true is predicted to be so, {@code tp / (tp + fn)}; 0 if there is nothing. */
public final class Recall extends ConfusionMetric<Recall> {
  /** Describes the metric {@code recall}, of all classes. */
  public Recall() {
    super("Recall", "recall");
  }

  /**
   * Counts as true only what is among the largest predictions of a row; of equals the first. Without a threshold none is needed.
   *
   * @param k how many
   * @return another description
   */
  public Recall amongTopK(int k) {
    return onlyTopK(k);
  }

  /**
   * Looks at one class alone.
   *
   * @param id its index
   * @return another description
   */
  public Recall classId(int id) {
    return onlyClass(id);
  }

  @Override
  double of(double truePositives, double falsePositives, double trueNegatives, double falseNegatives) {
    return share(truePositives, truePositives + falseNegatives);
  }
}
