package dev.rill.serving;

/**
 * Is told when a request is done, exactly once for each. Called by the thread that carried out the batch, in the order of the key's
 * requests, while its shard stands still: it should be short, and must not wait for other requests. If it throws, that is counted and
 * logged, and nobody else notices.
 *
 * @param <K> class of keys
 */
@FunctionalInterface
public interface Completion<K> {
  /**
   * The request is done.
   *
   * @param key the stream's key
   * @param y the caller's array, which holds the output unless the request failed
   * @param weights fingerprint of the weights that gave it, see {@link dev.rill.Network#weightsFingerprint()}
   * @param failure why there is no output, or null
   */
  void done(K key, float[] y, int weights, RuntimeException failure);
}
