package dev.rill.serving;

import dev.rill.events.Events;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/** What a shard counts: written under its lock, but for refusals; read by anybody. */
final class ShardCounters {
  final HistogramRecorder queueNanos = new HistogramRecorder();
  final HistogramRecorder computeNanos = new HistogramRecorder();
  final HistogramRecorder batchRows = new HistogramRecorder();
  final LongAdder successes = new LongAdder();
  final LongAdder rejected = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder late = new LongAdder();
  final LongAdder failedCompletions = new LongAdder();
  final LongAdder evictions = new LongAdder();
  final LongAdder failedEvictions = new LongAdder();

  /** A batch was carried out; so many of its rows failed. */
  void batch(int rows, int failed, long begin, long end, Request<?>[] requests) {
    successes.add(rows - failed);
    for (int i = 0; i < rows; i++) {
      queueNanos.record(begin - requests[i].submitted);
    }
    computeNanos.record(end - begin);
    batchRows.record(rows);
  }

  void rejected(RejectedException cause, Object key) {
    rejected.increment();
    Events.create().reject(cause.getMessage(), KeyTable.hash(key));
  }

  void failed(RuntimeException failure, Object key) {
    if (failure == RejectedException.LATE) {
      late.increment();
    } else if (failure instanceof RejectedException cause) {
      rejected(cause, key);
    } else {
      failures.increment();
    }
  }

  void completionFailed(Throwable failure) {
    failedCompletions.increment();
    log("a completion failed; its request had been carried out", failure);
  }

  void evicted(int streams) {
    if (streams > 0) {
      evictions.add(streams);
    }
  }

  void evictionFailed(Throwable failure) {
    failedEvictions.increment();
    log("an idle stream stays, as it could not be handed out", failure);
  }

  private static void log(String message, Throwable failure) {
    System.getLogger("dev.rill.serving").log(Level.WARNING, message, failure);
  }
}
