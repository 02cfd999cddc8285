package dev.rill.serving;

/**
 * Where streams rest that are not in memory: the idle ones, and the longest unused ones when a pool is full. A stream whose key comes
 * again goes on where it was. Called by whoever steps the pool, one call at a time; of a {@link SequenceBatcher} with several shards,
 * one call at a time for each shard. A pool that is stepped, or otherwise changed, from within is left as it is: that
 * throws {@link dev.rill.tensor.StateException}.
 *
 * @param <K> class of keys
 */
public interface StreamStore<K> {
  /**
   * Stores a stream's state in place of an older one. If it throws, the stream stays in memory.
   *
   * @param key the stream's key
   * @param state bytes from 0 on, valid during this call only
   * @param length how many bytes
   */
  void put(K key, byte[] state, int length);

  /**
   * Finds a stream's state. If it throws, the request that asked for the stream fails.
   *
   * @param key the stream's key
   * @param to where to write the bytes, from 0 on; as long as anything that {@link #put} was given
   * @return how many bytes, or -1 if there is no such stream
   */
  int get(K key, byte[] to);

  /**
   * Forgets a stream: it is in memory again, or has ended.
   *
   * @param key the stream's key
   */
  void remove(K key);
}
