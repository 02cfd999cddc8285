package dev.rill.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rill.Network;
import dev.rill.serving.Histogram;
import dev.rill.serving.SequenceBatcher;
import dev.rill.serving.ServingStats;
import dev.rill.serving.StreamPool;
import dev.rill.tensor.StateException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RillMetricsTest {
  private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("streams", "rill.streams"),
      Map.entry("maxStreams", "rill.streams.max"), Map.entry("successes", "rill.request.success"),
      Map.entry("pending", "rill.pending.request.count"),
      Map.entry("capacity", "rill.pending.request.max"), Map.entry("executions", "rill.execution"),
      Map.entry("rejected", "rill.request.rejected"), Map.entry("late", "rill.request.late"),
      Map.entry("failures", "rill.request.failure"), Map.entry("failedCompletions", "rill.completion.failure"),
      Map.entry("evictions", "rill.eviction"),
      Map.entry("failedEvictions", "rill.eviction.failure"), Map.entry("queueNanos", "rill.queue"),
      Map.entry("computeNanos", "rill.compute"), Map.entry("batchRows", "rill.batch"));

  private final MockClock clock = new MockClock();
  private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  /** A field, for meters do not keep it. */
  private SequenceBatcher<Integer> batcher;

  private double value(String name, String... tags) {
    Meter meter = registry.get(name).tag("name", "forecast").tags(tags).meter();
    return meter.measure().iterator().next().getValue();
  }

  @Test
  void everyFigureIsThatOfTheBatcher() throws Exception {
    batcher = Served.closed();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    ServingStats stats = batcher.stats();
    assertTrue(stats.failures() > 0 && stats.rejected() > 0 && stats.late() > 0 && stats.failedCompletions() > 0 && stats.evictions() > 0
        && stats.failedEvictions() > 0, stats.toString());
    assertEquals(stats.requests(), value("rill.request.success") + value("rill.request.failure"));
    for (RecordComponent component : ServingStats.class.getRecordComponents()) {
      Object expected = component.getAccessor().invoke(stats);
      if (expected instanceof Histogram histogram) {
        assertHistogram(histogram, NAMES.get(component.getName()), component.getName().endsWith("Nanos") ? 1e-9 : 1);
      } else if (!component.getName().equals("requests")) {
        assertEquals(((Number) expected).doubleValue(), value(NAMES.get(component.getName())), component.getName());
      }
    }
  }

  private void assertHistogram(Histogram histogram, String name, double unit) {
    assertTrue(histogram.count() > 0, name);
    for (String phi : new String[] {"0.5", "0.9", "0.99", "0.999"}) {
      double expected = histogram.percentile(100 * Double.parseDouble(phi)) * unit;
      assertEquals(expected, value(name + ".percentile", "phi", phi), 1e-15 * expected, name);
    }
    assertEquals(histogram.max() * unit, value(name + ".max"), 1e-15 * histogram.max());
    assertEquals(histogram.count(), value(name + ".histogram", "le", "+Inf"));
    String[] limits = unit == 1 ? new String[] {"1", "4", "1024"} : new String[] {"0.000001", "0.0002", "0.05", "1", "10"};
    for (String le : limits) {
      assertEquals(histogram.countUpTo(Math.round(Double.parseDouble(le) / unit)), value(name + ".histogram", "le", le), name + le);
    }
    if (unit != 1) {
      FunctionTimer timer = registry.get(name).tag("name", "forecast").functionTimer();
      assertEquals(histogram.count(), timer.count());
      assertEquals(histogram.sum(), timer.totalTime(TimeUnit.NANOSECONDS), 1e-6 * histogram.sum());
    }
  }

  @Test
  void everyMeterHasADescription() throws Exception {
    batcher = Served.closed();
    RillMetrics.of(batcher, "forecast", Tag.of("zone", "a")).bindTo(registry);
    for (Meter meter : registry.getMeters()) {
      assertNotNull(meter.getId().getDescription(), meter.getId().toString());
      assertEquals("a", meter.getId().getTag("zone"));
    }
    assertEquals("rows", registry.get("rill.batch.max").gauge().getId().getBaseUnit());
    assertEquals("seconds", registry.get("rill.queue.max").timeGauge().getId().getBaseUnit());
  }

  @Test
  void figuresOfOneMomentBelongTogether() throws Exception {
    try (SequenceBatcher<Integer> idle = Served.batcher()) {
      RillMetrics.of(idle, "forecast").bindTo(registry);
      assertEquals(0, value("rill.execution"));
      idle.step(1, new float[3], new float[1]);
      assertEquals(0, value("rill.request.success"));
      clock.add(Duration.ofNanos(RecentStats.NANOS));
      assertEquals(1, value("rill.request.success"));
      assertEquals(1, value("rill.execution"));
    }
  }

  @Test
  void countersDoNotGoBackWhileTheyAreRead() throws Exception {
    batcher = Served.batcher();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    Thread[] steppers = new Thread[2];
    for (int i = 0; i < steppers.length; i++) {
      steppers[i] = new Thread(() -> Served.step(batcher, 20_000));
      steppers[i].start();
    }
    List<FunctionCounter> counters = new ArrayList<>(registry.find("rill.request.success").functionCounters());
    counters.addAll(registry.find("rill.request.failure").functionCounters());
    counters.addAll(registry.find("rill.queue.histogram").functionCounters());
    double[] before = new double[counters.size()];
    while (steppers[0].isAlive() || steppers[1].isAlive()) {
      clock.add(Duration.ofNanos(RecentStats.NANOS));
      for (int i = 0; i < before.length; i++) {
        double now = counters.get(i).count();
        assertTrue(now >= before[i], counters.get(i).getId() + ": " + before[i] + ", then " + now);
        before[i] = now;
      }
    }
    clock.add(Duration.ofNanos(RecentStats.NANOS));
    assertEquals(40_000, value("rill.request.success") + value("rill.request.failure"));
    assertTrue(value("rill.request.failure") > 0);
    batcher.close();
  }

  @Test
  void servingAllocatesNothingWithMetersAsWithout() throws Exception {
    batcher = Served.batcher();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] x = new float[3];
    float[] y = new float[1];
    Integer key = 1;
    long end = System.nanoTime() + 20_000_000_000L;
    long allocated;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 300; i++) {
        batcher.step(key, x, y);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    } while (allocated > 0 && System.nanoTime() < end);
    assertEquals(0, allocated);
    batcher.close();
  }

  @Test
  void aPoolHasItsStreams() throws Exception {
    StreamPool<String> pool = StreamPool.of(Network.load(Served.MODEL), 7);
    RillMetrics.of(pool, "forecast").bindTo(registry);
    pool.step("a", new float[3], new float[1]);
    assertEquals(1, value("rill.streams"));
    assertEquals(7, value("rill.streams.max"));
    pool.step("b", new float[3], new float[1]);
    assertEquals(2, pool.size());
    assertEquals(2, registry.getMeters().size());
  }

  @Test
  void nothingIsLeftBehindByClosing() throws Exception {
    MeterRegistry other = new SimpleMeterRegistry();
    batcher = Served.closed();
    RillMetrics metrics = RillMetrics.of(batcher, "forecast");
    metrics.bindTo(registry);
    metrics.bindTo(other);
    assertEquals(registry.getMeters().size(), other.getMeters().size());
    metrics.close();
    assertEquals(0, registry.getMeters().size() + other.getMeters().size());
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    assertEquals(batcher.stats().executions(), value("rill.execution"));
  }

  @Test
  void aNameThatIsTakenIsRefused() throws Exception {
    batcher = Served.closed();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    int meters = registry.getMeters().size();
    StreamPool<String> pool = StreamPool.of(Network.load(Served.MODEL), 7);
    StateException e = assertThrows(StateException.class, () -> RillMetrics.of(pool, "forecast").bindTo(registry));
    assertTrue(e.getMessage().contains("forecast") && e.getMessage().contains("close"), e.getMessage());
    assertEquals(meters, registry.getMeters().size());
    assertEquals(batcher.stats().maxStreams(), value("rill.streams.max"));
    RillMetrics.of(pool, "other").bindTo(registry);
    assertEquals(meters + 2, registry.getMeters().size());
  }

  @Test
  void metersDoNotKeepABatcherAndItsCountersDoNotGoBack() throws Exception {
    batcher = Served.closed();
    RillMetrics metrics = RillMetrics.of(batcher, "forecast");
    metrics.bindTo(registry);
    double executions = value("rill.execution");
    assertTrue(executions > 0);
    WeakReference<?> weak = new WeakReference<>(batcher);
    batcher = null;
    long end = System.nanoTime() + 20_000_000_000L;
    while (weak.get() != null && System.nanoTime() < end) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(weak.get());
    assertEquals(executions, value("rill.execution"));
    assertEquals(Double.NaN, value("rill.streams"));
    metrics.bindTo(new SimpleMeterRegistry());
    batcher = Served.closed();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    assertEquals(batcher.stats().executions(), value("rill.execution"));
  }
}
