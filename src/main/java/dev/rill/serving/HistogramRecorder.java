package dev.rill.serving;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts values: one thread at a time records, any thread may read meanwhile. */
final class HistogramRecorder {
  private static final int SUM = Histogram.BUCKETS;
  private static final int MAX = SUM + 1;

  private final AtomicLongArray counts = new AtomicLongArray(MAX + 1);

  void record(long value) {
    int bucket = Histogram.bucket(value);
    counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
    counts.setOpaque(SUM, counts.getPlain(SUM) + value);
    if (value > counts.getPlain(MAX)) {
      counts.setOpaque(MAX, value);
    }
  }

  Histogram read() {
    long[] copy = new long[Histogram.BUCKETS];
    for (int b = 0; b < copy.length; b++) {
      copy[b] = counts.getOpaque(b);
    }
    return new Histogram(copy, counts.getOpaque(SUM), counts.getOpaque(MAX));
  }
}
