package dev.rill.training;

import java.util.Arrays;

/**
 * How many predictions are right and wrong at each of many thresholds. A prediction is put behind the last threshold that it
 * exceeds; sums from the end on are the counts, so that a row costs as much for many thresholds as for one.
 */
final class ThresholdCounts {
  /** Keras' epsilon, by which the outer thresholds lie outside. */
  private static final double EPSILON = 1e-7;

  private final float[] thresholds;
  /** Whether the thresholds lie as far apart as {@code 1 / (n - 1)}: Keras then computes the place in float32. */
  private final boolean even;
  private final boolean outside;
  private final double[] trues;
  private final double[] falses;
  // What exceeds no threshold at all.
  private double truesBelow;
  private double falsesBelow;

  private ThresholdCounts(float[] thresholds, boolean even, boolean outside) {
    this.thresholds = thresholds;
    this.even = even;
    this.outside = outside;
    trues = new double[thresholds.length];
    falses = new double[thresholds.length];
  }

  /** Thresholds between 0 and 1, ascending, and one outside at each end, so that every prediction exceeds the first. */
  static ThresholdCounts around(double[] inner) {
    int n = inner.length + 2;
    float[] thresholds = new float[n];
    thresholds[0] = (float) -EPSILON;
    thresholds[n - 1] = (float) (1 + EPSILON);
    boolean even = true;
    for (int i = 1; i < n - 1; i++) {
      thresholds[i] = (float) inner[i - 1];
      double there = (double) i / (n - 1);
      even &= Math.abs(inner[i - 1] - there) <= EPSILON + 1e-5 * there;
    }
    return new ThresholdCounts(thresholds, even, true);
  }

  /** Thresholds evenly from 0 to 1, these included; a single one is a half. */
  static ThresholdCounts within(int n) {
    float[] thresholds = new float[n];
    for (int i = 0; i < n; i++) {
      thresholds[i] = n == 1 ? 0.5f : (float) (i * 1.0 / (n - 1));
    }
    return new ThresholdCounts(thresholds, n > 1, false);
  }

  /** As many thresholds as are asked for, evenly from 0 to 1. */
  static double[] evenly(int n) {
    double[] inner = new double[n - 2];
    for (int i = 0; i < inner.length; i++) {
      inner[i] = (i + 1) * 1.0 / (n - 1);
    }
    return inner;
  }

  void add(boolean positive, float p, double weight) {
    int at = even ? place(p) : search(p);
    if (at >= 0) {
      (positive ? trues : falses)[at] += weight;
    } else if (positive) {
      truesBelow += weight;
    } else {
      falsesBelow += weight;
    }
  }

  private int place(float p) {
    float inside = Math.min(Math.max(p, 0), 1);
    int at = (int) Math.ceil(inside * (thresholds.length - 1)) - 1;
    return outside ? Math.max(0, at) : at;
  }

  private int search(float p) {
    int from = 0;
    int to = thresholds.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (p > thresholds[middle]) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from - 1;
  }

  void reset() {
    Arrays.fill(trues, 0);
    Arrays.fill(falses, 0);
    truesBelow = 0;
    falsesBelow = 0;
  }

  /** For each threshold, what is true and exceeds it. */
  double[] truePositives() {
    return fromTheEnd(trues);
  }

  /** For each threshold, what is not true and exceeds it. */
  double[] falsePositives() {
    return fromTheEnd(falses);
  }

  double positives() {
    return truesBelow + truePositives()[0];
  }

  double negatives() {
    return falsesBelow + falsePositives()[0];
  }

  private static double[] fromTheEnd(double[] counts) {
    double[] sums = counts.clone();
    for (int i = sums.length - 2; i >= 0; i--) {
      sums[i] += sums[i + 1];
    }
    return sums;
  }
}
