package dev.rill.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.serving.SequenceBatcher;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What Prometheus reads from the registry, and what it reads from a batcher alone. */
class PrometheusTest {
  private static final String TAG = "name=\"forecast\"";

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  /** Fields, for meters do not keep them. */
  private SequenceBatcher<Integer> batcher;
  private SequenceBatcher<Integer> second;

  /** Names with labels, and their values. */
  private static Map<String, Double> samples(String text) {
    Map<String, Double> samples = new TreeMap<>();
    text.lines().filter(line -> !line.startsWith("#")).forEach(line -> samples.put(line.substring(0, line.lastIndexOf(' ')),
        Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    return samples;
  }

  /** As the registry writes it, the tag apart. */
  private static String plain(String sample) {
    return sample.replace("{" + TAG + "}", "").replace(TAG + ",", "").replaceAll("_percentile_(\\w+)\\{phi=", "_$1{quantile=");
  }

  @Test
  void linesOfTheBatcherAreAmongThoseOfTheRegistry() throws Exception {
    batcher = Served.closed();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    Map<String, Double> found = new TreeMap<>();
    samples(registry.scrape()).forEach((sample, value) -> {
      assertTrue(sample.contains(TAG), sample);
      found.put(plain(sample), value);
    });
    Map<String, Double> expected = samples(batcher.stats().prometheus("rill"));
    // The rows of all batches are the requests, and each batch is an execution.
    assertEquals(expected.remove("rill_batch_rows_count"), found.get("rill_execution_total"));
    assertEquals(expected.remove("rill_batch_rows_sum"),
        found.get("rill_request_success_total") + found.get("rill_request_failure_total"));
    assertTrue(expected.size() > 20, expected.toString());
    expected.forEach((sample, value) -> {
      assertTrue(found.containsKey(sample), () -> sample + " is not among " + found.keySet());
      assertEquals(value, found.get(sample), 1e-12 * value, sample);
    });
  }

  @Test
  void histogramsAreThoseThatPrometheusMakesPercentilesOf() throws Exception {
    batcher = Served.closed();
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    Map<String, Double> samples = samples(registry.scrape());
    double before = 0;
    for (String le : new String[] {"0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1", "10", "+Inf"}) {
      double count = samples.get("rill_queue_histogram_total{le=\"" + le + "\"," + TAG + "}");
      assertTrue(count >= before, le);
      before = count;
    }
    assertEquals(before, samples.get("rill_queue_seconds_count{" + TAG + "}"));
  }

  @Test
  void twoBatchersShareTheNamesAndOneGoesAlone() throws Exception {
    batcher = Served.closed();
    second = Served.closed();
    RillMetrics other = RillMetrics.of(second, "other");
    RillMetrics.of(batcher, "forecast").bindTo(registry);
    int lines = samples(registry.scrape()).size();
    other.bindTo(registry);
    assertEquals(2 * lines, samples(registry.scrape()).size());
    other.close();
    Map<String, Double> left = samples(registry.scrape());
    assertEquals(lines, left.size());
    assertEquals(batcher.stats().executions(), left.get("rill_execution_total{" + TAG + "}"));
  }
}
