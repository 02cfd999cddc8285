package dev.rill.serving;

import dev.rill.tensor.StateException;

/**
 * What a pool calls of its user's: the store, and sinks of idle streams. Until such a call returns, a row that goes is still there and
 * one that comes is not yet, so the pool refuses whatever would change it.
 */
final class PoolCallbacks<K> implements StreamStore<K> {
  private StreamStore<K> store;
  private boolean called;

  void use(StreamStore<K> where) {
    store = where;
  }

  boolean hasStore() {
    return store != null;
  }

  /** Refuses to change the pool from within what it has called. */
  void checkReturned() {
    if (called) {
      throw new StateException("a store or a sink has used the pool that called it: let it note what is to be done, and use the pool when "
          + "the pool's call has returned");
    }
  }

  @Override
  public void put(K key, byte[] state, int length) {
    called = true;
    try {
      store.put(key, state, length);
    } finally {
      called = false;
    }
  }

  @Override
  public int get(K key, byte[] to) {
    called = true;
    try {
      return store.get(key, to);
    } finally {
      called = false;
    }
  }

  @Override
  public void remove(K key) {
    called = true;
    try {
      store.remove(key);
    } finally {
      called = false;
    }
  }

  /** Gives a stream to the store and to a sink, as far as there are; one that stays because the sink failed is not in the store. */
  void handOut(K key, byte[] state, int length, Eviction<? super K> sink) {
    if (store != null) {
      put(key, state, length);
    }
    if (sink == null) {
      return;
    }
    called = true;
    try {
      sink.evicted(key, state, length);
    } catch (RuntimeException | Error e) {
      if (store != null) {
        store.remove(key);
      }
      throw e;
    } finally {
      called = false;
    }
  }
}
