package dev.rill.serving;

/**
 * How often values occurred, in buckets whose width is a 32nd of their values: percentiles are exact to 3 %, from 0 to
 * 2<sup>63</sup> − 1. Immutable.
 */
public final class Histogram {
  /** Buckets of each power of two. */
  private static final int PARTS = 32;
  private static final int PART_BITS = 5;
  static final int BUCKETS = (64 - PART_BITS) * PARTS;

  private final long[] counts;
  private final long count;
  private final double sum;
  private final long max;

  /** Takes the counts over. */
  Histogram(long[] counts, double sum, long max) {
    this.counts = counts;
    this.sum = sum;
    this.max = max;
    long all = 0;
    for (long one : counts) {
      all += one;
    }
    count = all;
  }

  /** The bucket that a value falls in; negative ones count as 0. */
  static int bucket(long value) {
    if (value < PARTS) {
      return (int) Math.max(0, value);
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - PART_BITS;
    return shift * PARTS + (int) (value >>> shift);
  }

  /** The largest value of a bucket. */
  static long highest(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int shift = bucket / PARTS - 1;
    return ((long) (bucket - shift * PARTS + 1) << shift) - 1;
  }

  /**
   * How many values there are.
   *
   * @return the number
   */
  public long count() {
    return count;
  }

  /**
   * Their mean.
   *
   * @return 0 if there are none
   */
  public double mean() {
    return count == 0 ? 0 : sum / count;
  }

  /**
   * Their sum.
   *
   * @return 0 if there are none
   */
  public double sum() {
    return sum;
  }

  /**
   * The largest one.
   *
   * @return 0 if there are none
   */
  public long max() {
    return max;
  }

  /**
   * The value that a share of all do not exceed, to 3 %.
   *
   * @param percent from 0 to 100, such as 99.9
   * @return 0 if there are none
   */
  public long percentile(double percent) {
    long rank = (long) Math.ceil(percent / 100 * count);
    long seen = 0;
    for (int b = 0; b < BUCKETS; b++) {
      seen += counts[b];
      if (counts[b] > 0 && seen >= rank) {
        return Math.min(max, highest(b));
      }
    }
    return max;
  }

  /**
   * How many values do not exceed one, to the width of a bucket: none that does is counted.
   *
   * @param value the largest that counts
   * @return from 0 to {@link #count()}; never less than before, of a histogram that grows
   */
  public long countUpTo(long value) {
    long seen = 0;
    for (int b = 0; b < BUCKETS && highest(b) <= value; b++) {
      seen += counts[b];
    }
    return seen;
  }

  /** Two histograms in one. */
  Histogram plus(Histogram other) {
    long[] both = counts.clone();
    for (int b = 0; b < BUCKETS; b++) {
      both[b] += other.counts[b];
    }
    return new Histogram(both, sum + other.sum, Math.max(max, other.max));
  }

  /** Returns number, mean and percentiles. */
  @Override
  public String toString() {
    return count + " values, mean " + Math.rint(mean()) + ", p50 " + percentile(50) + ", p99 " + percentile(99) + ", p99.9 "
        + percentile(99.9) + ", max " + max;
  }
}
