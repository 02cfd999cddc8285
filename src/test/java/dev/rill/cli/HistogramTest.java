package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
  @Test
  void smallTimesAreExact() {
    Histogram histogram = new Histogram();
    for (int i = 1000; i >= 1; i--) {
      histogram.record(i);
    }
    assertEquals(1, histogram.min());
    assertEquals(500, histogram.percentile(0.5));
    assertEquals(999, histogram.percentile(0.999));
    assertEquals(1000, histogram.max());
  }

  @ParameterizedTest
  @ValueSource(longs = {1023, 1024, 2047, 2048, 1_000_003, 5_000_000_000L, Long.MAX_VALUE / 3})
  void largeTimesAreWithinAThousandth(long nanos) {
    Histogram histogram = new Histogram();
    histogram.record(0);
    histogram.record(nanos);
    histogram.record(Long.MAX_VALUE);
    assertEquals(nanos, histogram.percentile(0.5), nanos / 1000.0);
  }

  @Test
  void aSumIsTheHistogramOfAll() {
    Histogram one = new Histogram();
    Histogram other = new Histogram();
    one.record(10);
    other.record(20);
    other.record(-3);
    one.add(other);
    assertEquals(3, one.count());
    assertEquals(0, one.min());
    assertEquals(10, one.percentile(0.5));
    assertEquals(20, one.percentile(1));
  }

  @Test
  void clearedIsEmpty() {
    Histogram histogram = new Histogram();
    histogram.record(10);
    histogram.clear();
    assertEquals(0, histogram.count() + histogram.min() + histogram.max() + histogram.percentile(0.5));
  }
}
