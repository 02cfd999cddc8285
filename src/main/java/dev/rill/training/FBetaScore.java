package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/**
 * The harmonic mean of precision and recall, {@code (1 + beta^2) precision recall / (beta^2 precision + recall)}, of each class and
 * then of all. For targets that are 1 for the right classes; its sums are those of Keras, epsilon included.
 */
public final class FBetaScore extends Metric {
  /** How the scores of classes become one. */
  public enum Average {
    /** One score of all elements together. */
    MICRO,
    /** The mean of the scores. */
    MACRO,
    /** The mean of the scores, each counted by how often its class is the right one. */
    WEIGHTED;

    /**
     * The name in Keras.
     *
     * @return such as {@code macro}
     */
    public String kerasName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final double EPSILON = 1e-7;
  private static final float ZERO = 1e-9f;

  private final Average average;
  private final double beta;
  private final double threshold;

  private FBetaScore(String className, String name, Average average, double beta, double threshold) {
    super(className, name);
    if (average == null) {
      throw new RillException("metric " + name + ": expected an average: logs hold one number, a score of each class is none");
    }
    if (!(beta > 0)) {
      throw new RillException("metric " + name + ": expected a beta above 0, got " + beta);
    }
    if (threshold <= 0 || threshold > 1) {
      throw new RillException("metric " + name + ": expected a threshold above 0 and up to 1, got " + threshold);
    }
    this.average = average;
    this.beta = beta;
    this.threshold = threshold;
  }

  /**
   * Describes the metric {@code fbeta_score}.
   *
   * @param average how the scores of classes become one
   * @param beta how much recall counts beside precision, above 0
   * @param threshold above what a prediction means 1; NaN for the largest of each row, Keras' default
   */
  public FBetaScore(Average average, double beta, double threshold) {
    this("FBetaScore", "fbeta_score", average, beta, threshold);
  }

  /**
   * The metric {@code f1_score}: a beta of 1.
   *
   * @param average how the scores of classes become one
   * @param threshold above what a prediction means 1; NaN for the largest of each row, Keras' default
   * @return the metric
   */
  public static FBetaScore f1(Average average, double threshold) {
    return new FBetaScore("F1Score", "f1_score", average, 1, threshold);
  }

  /**
   * How the scores of classes become one.
   *
   * @return as given
   */
  public Average average() {
    return average;
  }

  /**
   * How much recall counts beside precision.
   *
   * @return 1 for the F1 score
   */
  public double beta() {
    return beta;
  }

  /**
   * Above what a prediction means 1.
   *
   * @return NaN if the largest of each row does
   */
  public double threshold() {
    return threshold;
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
    return new Scores(this);
  }

  private static final class Scores extends Tally {
    private final FBetaScore metric;
    private final float limit;
    // Of each class, or of all.
    private double[] truePositives = {};
    private double[] falsePositives;
    private double[] falseNegatives;
    private double[] support;

    Scores(FBetaScore metric) {
      this.metric = metric;
      limit = (float) metric.threshold;
    }

    @Override
    void add(Kernels k, float[] y, int yAt, int yWidth, float[] p, int pAt, int width, double weight) {
      int classes = metric.average == Average.MICRO ? 1 : width;
      if (truePositives.length != classes) {
        truePositives = new double[classes];
        falsePositives = new double[classes];
        falseNegatives = new double[classes];
        support = new double[classes];
      }
      float largest = p[pAt + Accuracy.largest(p, pAt, width)];
      for (int j = 0; j < width; j++) {
        float prediction = p[pAt + j];
        boolean positive = limit == limit ? prediction > limit : prediction >= largest && Math.abs(prediction) > ZERO;
        double target = y[yAt + j];
        int to = classes == 1 ? 0 : j;
        truePositives[to] += positive ? target * weight : 0;
        falsePositives[to] += positive ? (1 - target) * weight : 0;
        falseNegatives[to] += positive ? 0 : target * weight;
        support[to] += target * weight;
      }
    }

    @Override
    void reset() {
      if (truePositives.length > 0) {
        Arrays.fill(truePositives, 0);
        Arrays.fill(falsePositives, 0);
        Arrays.fill(falseNegatives, 0);
        Arrays.fill(support, 0);
      }
    }

    @Override
    double result() {
      double sum = 0;
      double all = EPSILON;
      for (int j = 0; j < truePositives.length; j++) {
        all += support[j];
      }
      double square = metric.beta * metric.beta;
      for (int j = 0; j < truePositives.length; j++) {
        double precision = truePositives[j] / (truePositives[j] + falsePositives[j] + EPSILON);
        double recall = truePositives[j] / (truePositives[j] + falseNegatives[j] + EPSILON);
        double score = precision * recall / (square * precision + recall + EPSILON) * (1 + square);
        sum += metric.average == Average.WEIGHTED ? score * (support[j] / all) : score / truePositives.length;
      }
      return sum;
    }
  }
}
