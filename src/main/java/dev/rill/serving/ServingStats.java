package dev.rill.serving;

import dev.rill.tensor.Require;

/**
 * Figures of a batcher since it was built.
 *
 * @param streams in memory now
 * @param maxStreams how many there may be
 * @param pending requests that wait or are being carried out now
 * @param capacity of all queues
 * @param requests carried out, each a step
 * @param successes those of them that have an output
 * @param executions batches
 * @param rejected requests refused: the queue was full, too many of a key were waiting, or the batcher was closed
 * @param late requests that waited longer than the timeout
 * @param failures requests whose step failed
 * @param failedCompletions completions that threw
 * @param evictions idle streams that were handed out
 * @param failedEvictions times when a sink or store threw, so that streams stayed
 * @param queueNanos from submitting to the beginning of the batch, a value a request
 * @param computeNanos of a batch
 * @param batchRows requests of a batch
 */
public record ServingStats(int streams, int maxStreams, int pending, int capacity, long requests, long successes, long executions,
    long rejected, long late, long failures, long failedCompletions, long evictions, long failedEvictions, Histogram queueNanos,
    Histogram computeNanos, Histogram batchRows) {

  static ServingStats of(Shard<?>[] shards) {
    ServingStats all = of(shards[0]);
    for (int i = 1; i < shards.length; i++) {
      all = all.plus(of(shards[i]));
    }
    return all;
  }

  private static ServingStats of(Shard<?> shard) {
    ShardCounters c = shard.counters();
    Histogram queue = c.queueNanos.read();
    Histogram batches = c.batchRows.read();
    return new ServingStats(shard.rows().size(), shard.rows().maxStreams(), shard.queue().pending(), shard.queue().capacity(),
        queue.count(), c.successes.sum(), batches.count(), c.rejected.sum(), c.late.sum(), c.failures.sum(),
        c.failedCompletions.sum(), c.evictions.sum(), c.failedEvictions.sum(), queue, c.computeNanos.read(), batches);
  }

  private ServingStats plus(ServingStats o) {
    return new ServingStats(streams + o.streams, maxStreams + o.maxStreams, pending + o.pending, capacity + o.capacity,
        requests + o.requests, successes + o.successes, executions + o.executions, rejected + o.rejected, late + o.late,
        failures + o.failures, failedCompletions + o.failedCompletions, evictions + o.evictions, failedEvictions + o.failedEvictions,
        queueNanos.plus(o.queueNanos), computeNanos.plus(o.computeNanos), batchRows.plus(o.batchRows));
  }

  /**
   * The figures in the text form that Prometheus reads, with names after Triton's.
   *
   * @param prefix of every name, such as {@code rill}
   * @return lines
   */
  public String prometheus(String prefix) {
    Require.given(prefix, "the prefix of the names");
    StringBuilder text = new StringBuilder();
    line(text, prefix, "_streams", "gauge", streams);
    line(text, prefix, "_streams_max", "gauge", maxStreams);
    line(text, prefix, "_pending_request_count", "gauge", pending);
    line(text, prefix, "_pending_request_max", "gauge", capacity);
    line(text, prefix, "_request_success_total", "counter", successes);
    line(text, prefix, "_request_failure_total", "counter", failures);
    line(text, prefix, "_request_rejected_total", "counter", rejected);
    line(text, prefix, "_request_late_total", "counter", late);
    line(text, prefix, "_execution_total", "counter", executions);
    line(text, prefix, "_completion_failure_total", "counter", failedCompletions);
    line(text, prefix, "_eviction_total", "counter", evictions);
    line(text, prefix, "_eviction_failure_total", "counter", failedEvictions);
    summary(text, prefix + "_queue_seconds", queueNanos, 1e-9);
    summary(text, prefix + "_compute_seconds", computeNanos, 1e-9);
    summary(text, prefix + "_batch_rows", batchRows, 1);
    return text.toString();
  }

  private static void line(StringBuilder text, String prefix, String name, String type, long value) {
    text.append("# TYPE ").append(prefix).append(name).append(' ').append(type).append('\n');
    text.append(prefix).append(name).append(' ').append(value).append('\n');
  }

  private static void summary(StringBuilder text, String name, Histogram values, double unit) {
    text.append("# TYPE ").append(name).append(" summary\n");
    for (String quantile : new String[] {"0.5", "0.9", "0.99", "0.999"}) {
      text.append(name).append("{quantile=\"").append(quantile).append("\"} ")
          .append(values.percentile(100 * Double.parseDouble(quantile)) * unit).append('\n');
    }
    text.append(name).append("_sum ").append(values.sum() * unit).append('\n');
    text.append(name).append("_count ").append(values.count()).append('\n');
  }
}
