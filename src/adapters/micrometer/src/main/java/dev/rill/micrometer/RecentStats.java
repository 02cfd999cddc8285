package dev.rill.micrometer;

import dev.rill.serving.SequenceBatcher;
import dev.rill.serving.ServingStats;
import io.micrometer.core.instrument.Clock;

/**
 * Figures of a moment ago: those that one round of a monitoring system reads are of the same moment, and are added up once. Does not
 * hold the batcher.
 */
final class RecentStats {
  /** Longer than a round takes, shorter than from one to the next. */
  static final long NANOS = 100_000_000;

  private final Clock clock;
  private ServingStats stats;
  private long taken;

  RecentStats(Clock clock) {
    this.clock = clock;
  }

  synchronized ServingStats of(SequenceBatcher<?> batcher) {
    long now = clock.monotonicTime();
    if (stats == null || now - taken >= NANOS) {
      stats = batcher.stats();
      taken = now;
    }
    return stats;
  }
}
