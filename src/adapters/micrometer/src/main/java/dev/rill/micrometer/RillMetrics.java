package dev.rill.micrometer;

import dev.rill.serving.SequenceBatcher;
import dev.rill.serving.ServingStats;
import dev.rill.serving.StreamPool;
import dev.rill.tensor.Require;
import dev.rill.tensor.StateException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The figures of a batcher or a pool as meters, with the names of {@link ServingStats#prometheus}. Meters read what is counted anyway:
 * serving costs no more than before, and allocates nothing. What they read is held weakly.
 *
 * <p>Of a pool there are gauges {@code rill.streams} and {@code rill.streams.max}. Of a batcher, all of {@link ServingStats}:
 *
 * <ul>
 *   <li>gauges {@code rill.streams}, {@code rill.streams.max}, {@code rill.pending.request.count}, {@code rill.pending.request.max};
 *   <li>counters {@code rill.request.success}, {@code rill.request.failure}, {@code rill.request.rejected}, {@code rill.request.late},
 *       {@code rill.execution}, {@code rill.completion.failure}, {@code rill.eviction}, {@code rill.eviction.failure};
 *   <li>timers (count and total time) {@code rill.queue}, a value a request, and {@code rill.compute}, a value a batch;
 *   <li>for these two, and for {@code rill.batch}, the rows of a batch: counters {@code .histogram} with tag {@code le}, values up to a
 *       limit in seconds or rows, from which a monitoring system makes percentiles of any stretch of time and of several processes;
 *       gauges {@code .percentile} with tag {@code phi} and {@code .max}, of all values since the batcher was built.
 * </ul>
 *
 * <pre>{@code
 * try (RillMetrics metrics = RillMetrics.of(batcher, "forecast")) {
 *   metrics.bindTo(registry);
 *   ...
 * }
 * }</pre>
 */
public final class RillMetrics implements MeterBinder, AutoCloseable {
  private final WeakReference<?> source;
  private final Tags tags;
  private final List<MeterGroup> bound = new ArrayList<>();

  private RillMetrics(Object source, String name, Tag[] others) {
    this.source = new WeakReference<>(source);
    tags = Tags.of("name", Require.given(name, "the name of the service")).and(others);
  }

  /**
   * The figures of a batcher.
   *
   * @param batcher whose
   * @param name value of the tag {@code name}, such as that of the service; each batcher and pool of a registry has one of its own
   * @param others further tags
   * @return what can be bound to registries
   */
  public static RillMetrics of(SequenceBatcher<?> batcher, String name, Tag... others) {
    return new RillMetrics(Require.given(batcher, "the batcher"), name, others);
  }

  /**
   * The figures of a pool.
   *
   * @param pool whose; its own thread may go on meanwhile
   * @param name value of the tag {@code name}, such as that of the service; each batcher and pool of a registry has one of its own
   * @param others further tags
   * @return what can be bound to registries
   */
  public static RillMetrics of(StreamPool<?> pool, String name, Tag... others) {
    return new RillMetrics(Require.given(pool, "the pool"), name, others);
  }

  /**
   * Adds the meters to a registry; none if the batcher or pool is gone.
   *
   * @param registry to which
   * @throws StateException if it has meters of another batcher or pool with these tags; nothing has changed then
   */
  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    Object present = source.get();
    if (present == null) {
      return;
    }
    MeterGroup group = new MeterGroup(Require.given(registry, "the registry"), tags);
    bound.add(group);
    if (present instanceof SequenceBatcher<?> batcher) {
      ServingMeters.bind(group, batcher, new RecentStats(registry.config().clock()));
    } else if (present instanceof StreamPool<?> pool) {
      ServingMeters.bind(group, pool);
    }
  }

  /** Removes the meters from every registry to which they were bound. The batcher or pool goes on. */
  @Override
  public synchronized void close() {
    for (MeterGroup group : bound) {
      group.remove();
    }
    bound.clear();
  }
}
