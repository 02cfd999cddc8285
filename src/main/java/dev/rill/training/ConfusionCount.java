package dev.rill.training;

import dev.rill.tensor.Require;
import java.util.Locale;

/** How many predictions are right or wrong in one of the four ways; with sample weights, the sum of them. */
public final class ConfusionCount extends ConfusionMetric<ConfusionCount> {
  /** The ways to be right or wrong. */
  public enum Cell {
    /** True, and predicted to be. */
    TRUE_POSITIVES("TruePositives"),
    /** Not true, but predicted to be. */
    FALSE_POSITIVES("FalsePositives"),
    /** Not true, and not predicted to be. */
    TRUE_NEGATIVES("TrueNegatives"),
    /** True, but not predicted to be. */
    FALSE_NEGATIVES("FalseNegatives");

    private final String className;

    Cell(String className) {
      this.className = className;
    }
  }

  private final Cell cell;

  /**
   * Describes the metric.
   *
   * @param cell what is counted
   */
  public ConfusionCount(Cell cell) {
    super(Require.given(cell, "the cell").className, cell.name().toLowerCase(Locale.ROOT));
    this.cell = cell;
  }

  @Override
  Mode better() {
    return cell == Cell.TRUE_POSITIVES || cell == Cell.TRUE_NEGATIVES ? Mode.MAX : Mode.MIN;
  }

  @Override
  double of(double truePositives, double falsePositives, double trueNegatives, double falseNegatives) {
    return switch (cell) {
      case TRUE_POSITIVES -> truePositives;
      case FALSE_POSITIVES -> falsePositives;
      case TRUE_NEGATIVES -> trueNegatives;
      case FALSE_NEGATIVES -> falseNegatives;
    };
  }
}
