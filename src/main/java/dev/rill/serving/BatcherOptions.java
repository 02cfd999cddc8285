package dev.rill.serving;

import dev.rill.WarmUp;

/** What a batcher was built with; durations in nanoseconds and steps of a window, 0 for none. */
record BatcherOptions<K>(String name, int shards, int maxStreams, int maxBatch, long maxDelay, boolean callerSteps,
    int queueCapacity, WhenFull whenFull, int mostOfAKey, long timeout, long idle, Eviction<? super K> sink, StreamStore<K> store,
    Carry storeCarry, int keptInputs, WarmUp warmUp, int window) {

  /** Streams that a shard has room for: its share, and as much more as uneven hashes may ask for (six standard deviations). */
  int streamsOfAShard() {
    if (shards == 1) {
      return maxStreams;
    }
    double share = (double) maxStreams / shards;
    return (int) Math.min(maxStreams, Math.ceil(share + 6 * Math.sqrt(share)));
  }
}
