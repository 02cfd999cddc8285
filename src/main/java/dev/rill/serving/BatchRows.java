package dev.rill.serving;

import dev.rill.Network;
import dev.rill.tensor.State;

/** What carries out the requests of a shard, a row each: streams that go on, or whole windows. For one thread at a time. */
abstract class BatchRows<K> {
  abstract Network network();

  /** Floats that a request brings. */
  int inputs() {
    return network().inputFeatures(0);
  }

  /** Floats that it is answered with. */
  int outputs() {
    return network().outputFeatures(0);
  }

  abstract void now(long nanos);

  /** Carries out requests of different keys; x is [n][inputs], y [n][outputs]. Nothing has changed if it throws. */
  abstract void step(K[] keys, int n, float[] x, float[] y);

  /** Ends a stream; returns its last state, or null if there was none. */
  abstract State take(K key);

  /** Lets streams go that have not been used for some time; returns how many. */
  abstract int expire(long now, long idleNanos, Eviction<? super K> sink);

  abstract int size();

  abstract int maxStreams();

  /** Checks other weights and takes what memory they need; returns what puts them in place, and cannot fail. */
  abstract Runnable prepareSwap(Network next, Carry carry);
}
