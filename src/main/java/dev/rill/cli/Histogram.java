package dev.rill.cli;

import java.util.Arrays;

/**
 * Counts of times in buckets whose width grows with the time: exact below 1024 ns, within 0.1 % above. Recording
 * allocates nothing. The smallest and the largest are kept exactly.
 */
final class Histogram {
  /** Buckets of each power of two, twice that below the first. */
  private static final int HALF = 512;
  private static final int SHIFT = 9;

  private final long[] counts = new long[(Long.SIZE - SHIFT) * HALF];
  private long total;
  private long min = Long.MAX_VALUE;
  private long max;

  void record(long nanos) {
    long value = Math.max(0, nanos);
    counts[bucket(value)]++;
    total++;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }

  private static int bucket(long value) {
    int scale = Math.max(0, Long.SIZE - SHIFT - 1 - Long.numberOfLeadingZeros(value));
    return scale * HALF + (int) (value >>> scale);
  }

  /** The middle of a bucket. */
  private static long middle(int bucket) {
    int scale = Math.max(0, bucket / HALF - 1);
    long low = (long) (bucket - scale * HALF) << scale;
    return low + (1L << scale >> 1);
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
    min = Long.MAX_VALUE;
    max = 0;
  }

  void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  long count() {
    return total;
  }

  long min() {
    return total == 0 ? 0 : min;
  }

  long max() {
    return max;
  }

  /**
   * The time that a share of all times does not exceed.
   *
   * @param share 0.5 for the median
   * @return nanoseconds, 0 if nothing was recorded
   */
  long percentile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(max, Math.max(min, middle(i)));
      }
    }
    return 0;
  }
}
