package dev.rill.micrometer;

import dev.rill.tensor.StateException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.search.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Meters of one source in one registry, which come and go together. Neither they nor this keep the source alive. */
final class MeterGroup {
  /** Of the gauge that every source has. */
  static final String STREAMS = "rill.streams";

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();

  /** Nothing yet; makes room where the source before was collected and its meters left. */
  MeterGroup(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    Gauge before = registry.find(STREAMS).tags(tags).gauge();
    if (before != null && !Double.isNaN(before.value())) {
      throw new StateException("the registry has figures of another batcher or pool with the tags " + tags.stream().toList()
          + ": give this one another name, or close the RillMetrics of the other first");
    }
    if (before != null) {
      Search.in(registry).name(name -> name.startsWith("rill.")).tags(tags).meters().forEach(registry::remove);
    }
  }

  <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
    meters.add(Gauge.builder(name, source, value).tags(tags).description(description).register(registry));
  }

  <T> void rows(String name, Tags more, String description, T source, ToDoubleFunction<T> value) {
    meters.add(Gauge.builder(name, source, value).tags(tags.and(more)).description(description).baseUnit("rows").register(registry));
  }

  <T> void seconds(String name, Tags more, String description, T source, ToDoubleFunction<T> nanos) {
    meters.add(TimeGauge.builder(name, source, TimeUnit.NANOSECONDS, nanos).tags(tags.and(more)).description(description)
        .register(registry));
  }

  <T> void counter(String name, String description, T source, ToDoubleFunction<T> count) {
    counter(name, Tags.empty(), description, source, count);
  }

  <T> void counter(String name, Tags more, String description, T source, ToDoubleFunction<T> count) {
    meters.add(FunctionCounter.builder(name, source, count).tags(tags.and(more)).description(description).register(registry));
  }

  <T> void timer(String name, String description, T source, ToLongFunction<T> count, ToDoubleFunction<T> nanos) {
    meters.add(FunctionTimer.builder(name, source, count, nanos, TimeUnit.NANOSECONDS).tags(tags).description(description)
        .register(registry));
  }

  void remove() {
    meters.forEach(registry::remove);
  }
}
