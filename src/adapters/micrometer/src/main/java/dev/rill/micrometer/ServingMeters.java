package dev.rill.micrometer;

import dev.rill.serving.Histogram;
import dev.rill.serving.SequenceBatcher;
import dev.rill.serving.StreamPool;
import io.micrometer.core.instrument.Tags;
import java.math.BigDecimal;
import java.util.function.Function;

/** Which meters there are, and what each reads. */
final class ServingMeters {
  private static final double[] PHI = {0.5, 0.9, 0.99, 0.999};
  /** Limits that a histogram of times counts up to: 1, 2, 5 and so on, from 1 µs to 10 s. */
  private static final long[] NANOS = new long[22];
  private static final long[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

  static {
    long power = 1_000;
    for (int i = 0; i < NANOS.length; i++) {
      NANOS[i] = power * (i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : 5);
      power *= i % 3 == 2 ? 10 : 1;
    }
  }

  private ServingMeters() {}

  static void bind(MeterGroup meters, StreamPool<?> pool) {
    meters.gauge(MeterGroup.STREAMS, "streams in memory", pool, StreamPool::size);
    meters.gauge("rill.streams.max", "streams for which there is room", pool, StreamPool::maxStreams);
  }

  static void bind(MeterGroup meters, SequenceBatcher<?> batcher, RecentStats recent) {
    meters.gauge(MeterGroup.STREAMS, "streams in memory", batcher, b -> recent.of(b).streams());
    meters.gauge("rill.streams.max", "streams for which there is room", batcher, b -> recent.of(b).maxStreams());
    meters.gauge("rill.pending.request.count", "requests that wait or are being carried out", batcher, b -> recent.of(b).pending());
    meters.gauge("rill.pending.request.max", "requests for which there is room", batcher, b -> recent.of(b).capacity());
    meters.counter("rill.request.success", "steps carried out", batcher, b -> recent.of(b).successes());
    meters.counter("rill.request.failure", "steps that failed", batcher, b -> recent.of(b).failures());
    meters.counter("rill.request.rejected", "requests refused", batcher, b -> recent.of(b).rejected());
    meters.counter("rill.request.late", "requests that waited longer than the timeout", batcher, b -> recent.of(b).late());
    meters.counter("rill.execution", "batches", batcher, b -> recent.of(b).executions());
    meters.counter("rill.completion.failure", "completions that threw", batcher, b -> recent.of(b).failedCompletions());
    meters.counter("rill.eviction", "idle streams handed out", batcher, b -> recent.of(b).evictions());
    meters.counter("rill.eviction.failure", "times when idle streams could not be handed out", batcher,
        b -> recent.of(b).failedEvictions());
    times(meters, "rill.queue", "from submitting to the beginning of the batch", batcher, b -> recent.of(b).queueNanos());
    times(meters, "rill.compute", "of a batch", batcher, b -> recent.of(b).computeNanos());
    rows(meters, batcher, b -> recent.of(b).batchRows());
  }

  private static void times(MeterGroup meters, String name, String what, SequenceBatcher<?> batcher,
      Function<SequenceBatcher<?>, Histogram> histogram) {
    meters.timer(name, "time " + what, batcher, b -> histogram.apply(b).count(), b -> histogram.apply(b).sum());
    for (double phi : PHI) {
      meters.seconds(name + ".percentile", Tags.of("phi", Double.toString(phi)),
          "percentile of the time " + what + ", since it was built", batcher, b -> histogram.apply(b).percentile(100 * phi));
    }
    meters.seconds(name + ".max", Tags.empty(), "longest time " + what + ", since it was built", batcher,
        b -> histogram.apply(b).max());
    buckets(meters, name, "time " + what + ", up to le seconds", NANOS, 9, batcher, histogram);
  }

  private static void rows(MeterGroup meters, SequenceBatcher<?> batcher, Function<SequenceBatcher<?>, Histogram> histogram) {
    for (double phi : PHI) {
      meters.rows("rill.batch.percentile", Tags.of("phi", Double.toString(phi)),
          "percentile of the rows of a batch, since it was built", batcher, b -> histogram.apply(b).percentile(100 * phi));
    }
    meters.rows("rill.batch.max", Tags.empty(), "rows of the largest batch, since it was built", batcher,
        b -> histogram.apply(b).max());
    buckets(meters, "rill.batch", "batches of up to le rows", ROWS, 0, batcher, histogram);
  }

  private static void buckets(MeterGroup meters, String name, String description, long[] limits, int decimals,
      SequenceBatcher<?> batcher, Function<SequenceBatcher<?>, Histogram> histogram) {
    for (long limit : limits) {
      String le = BigDecimal.valueOf(limit, decimals).stripTrailingZeros().toPlainString();
      meters.counter(name + ".histogram", Tags.of("le", le), description, batcher, b -> histogram.apply(b).countUpTo(limit));
    }
    meters.counter(name + ".histogram", Tags.of("le", "+Inf"), description, batcher, b -> histogram.apply(b).count());
  }
}
