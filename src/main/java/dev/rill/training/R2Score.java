package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.Tensor;
import java.util.Arrays;

/**
 * Which part of the targets' variance the predictions explain, {@code 1 - sum (y - p)^2 / sum (y - mean y)^2}: of each feature, then
 * of all.
 */
public final class R2Score extends Metric {
  private final boolean byVariance;

  /** Describes the metric {@code r2_score}: the mean of the features' scores. */
  public R2Score() {
    this(false);
  }

  /**
   * Describes the metric {@code r2_score}.
   *
   * @param byVariance whether features count by the variance of their targets, Keras' {@code variance_weighted_average}
   */
  public R2Score(boolean byVariance) {
    super("R2Score", "r2_score");
    this.byVariance = byVariance;
  }

  /**
   * Whether features count by the variance of their targets.
   *
   * @return false by default
   */
  public boolean byVariance() {
    return byVariance;
  }

  @Override
  void check(Tensor y, int yWidth, int width) {
    checkWidth(yWidth, width);
  }

  @Override
  Mode better() {
    return Mode.MAX;
  }

  @Override
  Tally tally() {
    return new Sums(byVariance);
  }

  private static final class Sums extends Tally {
    private final boolean byVariance;
    private double[] sum = {};
    private double[] squares;
    private double[] residuals;
    private double weights;

    Sums(boolean byVariance) {
      this.byVariance = byVariance;
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      if (sum.length != width) {
        sum = new double[width];
        squares = new double[width];
        residuals = new double[width];
      }
      for (int j = 0; j < width; j++) {
        double target = y[yAt + j];
        double residual = target - p[pAt + j];
        sum[j] += target * weight;
        squares[j] += target * target * weight;
        residuals[j] += residual * residual * weight;
      }
      weights += weight;
    }

    @Override
    void reset() {
      if (sum.length > 0) {
        Arrays.fill(sum, 0);
        Arrays.fill(squares, 0);
        Arrays.fill(residuals, 0);
      }
      weights = 0;
    }

    /** NaN where nothing has counted, and for constant targets that are met. */
    @Override
    double result() {
      double scores = 0;
      double shares = 0;
      for (int j = 0; j < sum.length; j++) {
        double total = squares[j] - sum[j] * (sum[j] / weights);
        double score = 1 - residuals[j] / total;
        double share = byVariance ? total : 1;
        scores += share * (score == Double.NEGATIVE_INFINITY || score == Double.POSITIVE_INFINITY ? 0 : score);
        shares += share;
      }
      return scores / shares;
    }
  }
}
