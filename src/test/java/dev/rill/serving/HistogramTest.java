package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void bucketsFollowEachOtherAndAreNarrow() {
    long before = -1;
    for (int bucket = 0; bucket < Histogram.BUCKETS - 1; bucket++) {
      long highest = Histogram.highest(bucket);
      assertTrue(highest > before, "bucket " + bucket);
      assertEquals(bucket, Histogram.bucket(highest));
      assertEquals(bucket, Histogram.bucket(before + 1));
      assertTrue((highest - before) <= Math.max(1, (before + 1) / 32.0), "width of bucket " + bucket);
      before = highest;
    }
    assertEquals(Histogram.BUCKETS - 1, Histogram.bucket(Long.MAX_VALUE));
    assertEquals(0, Histogram.bucket(-5));
  }

  @Test
  void percentilesAreThoseOfTheSortedValuesToThreePercent() {
    Random random = new Random(1);
    HistogramRecorder recorder = new HistogramRecorder();
    long[] values = new long[20_000];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextGaussian() * 3 + 9);
      recorder.record(values[i]);
      sum += values[i];
    }
    Arrays.sort(values);
    Histogram histogram = recorder.read();
    assertEquals(values.length, histogram.count());
    assertEquals(sum / values.length, histogram.mean(), 1e-6 * sum / values.length);
    assertEquals(values[values.length - 1], histogram.max());
    for (double percent : new double[] {0, 1, 50, 90, 99, 99.9, 100}) {
      long exact = values[(int) Math.max(0, Math.ceil(percent / 100 * values.length) - 1)];
      assertTrue(histogram.percentile(percent) >= exact && histogram.percentile(percent) <= exact + exact / 32 + 1,
          percent + ": " + exact + ", " + histogram.percentile(percent));
    }
    assertEquals(2 * values.length, histogram.plus(histogram).count());
    assertEquals(histogram.percentile(99), histogram.plus(histogram).percentile(99));
  }

  @Test
  void valuesUpToALimitAreCountedToTheWidthOfABucket() {
    HistogramRecorder recorder = new HistogramRecorder();
    for (int value = 1; value <= 10_000; value++) {
      recorder.record(value);
    }
    Histogram histogram = recorder.read();
    for (int limit = 0; limit <= 10_000; limit++) {
      long counted = histogram.countUpTo(limit);
      assertTrue(counted <= limit && counted >= limit - limit / 32 - 1, limit + ": " + counted);
    }
    assertEquals(31, histogram.countUpTo(31));
    assertEquals(10_000, histogram.countUpTo(Long.MAX_VALUE));
  }

  @Test
  void anEmptyOneIsZero() {
    Histogram histogram = new HistogramRecorder().read();
    assertEquals(0, histogram.percentile(99));
    assertEquals(0, histogram.mean());
  }
}
