package dev.rill.serving;

/**
 * Where streams go that were idle for too long. The pool may be read from within, but whatever would change it throws
 * {@link dev.rill.tensor.StateException}.
 *
 * @param <K> class of keys
 */
@FunctionalInterface
public interface Eviction<K> {
  /**
   * Takes a stream over, which leaves the pool when this returns. If it throws, the stream stays.
   *
   * @param key the stream's key
   * @param state its state in bytes from 0 on, for {@link StreamPool#load}; valid during this call only
   * @param length how many bytes
   */
  void evicted(K key, byte[] state, int length);
}
