package dev.rill.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When streams end, and an index of them by the time at which they were last seen. Times are stream time in ms, which is the same when
 * records are read again. A stream is at its end once that time has gone on by {@code idle} since its last record, whether or not it
 * has been cleared away: so what a record gives does not depend on when that happens.
 *
 * <p>An entry is long time, big-endian, then the key as its serde writes it; the value is empty. The time is that of the last record,
 * rounded down to a whole period, so that a stream's entry moves when its last record falls into another period, not at each record.
 * Entries of other periods, such as another setting has written, are at most too early, and are put right when they are come upon.
 */
final class LastSeen<K> {
  private static final byte[] EMPTY = {};

  private final long idle;
  private final long period;
  private final KeyValueStore<Bytes, byte[]> index;
  private final KeyValueStore<K, byte[]> states;
  private final Serde<K> keys;
  private final String topic;
  private boolean complete;

  LastSeen(long idle, long period, KeyValueStore<Bytes, byte[]> index, KeyValueStore<K, byte[]> states, Serde<K> keys) {
    this.idle = idle;
    this.period = period;
    this.index = index;
    this.states = states;
    this.keys = keys;
    topic = index.name();
  }

  boolean ended(long now, byte[] value) {
    return now - KeyBytes.seen(value) >= idle;
  }

  /** To be called when a key's value is written. */
  void seen(K key, byte[] before, long now) {
    long from = before == null ? -1 : down(KeyBytes.seen(before));
    if (from != down(now)) {
      byte[] name = keys.serializer().serialize(topic, key);
      if (from >= 0) {
        index().delete(entry(from, name));
      }
      index().put(entry(down(now), name), EMPTY);
    }
  }

  /** To be called when a value stays as it is: its entry may have been lost on the way to the changelog. */
  void unchanged(K key, byte[] value) {
    index().put(entry(down(KeyBytes.seen(value)), keys.serializer().serialize(topic, key)), EMPTY);
  }

  /** With an entry for each stream: those from before it was said that streams end have none yet. */
  private KeyValueStore<Bytes, byte[]> index() {
    if (!complete) {
      complete = true;
      if (isEmpty()) {
        try (KeyValueIterator<K, byte[]> streams = states.all()) {
          while (streams.hasNext()) {
            KeyValue<K, byte[]> stream = streams.next();
            if (KeyBytes.fits(stream.value)) {
              unchanged(stream.key, stream.value);
            }
          }
        }
      }
    }
    return index;
  }

  private boolean isEmpty() {
    try (KeyValueIterator<Bytes, byte[]> entries = index.all()) {
      return !entries.hasNext();
    }
  }

  private long down(long time) {
    return time - time % period;
  }

  /** Deletes the streams that have ended; costs a step for each of them and of those that end in the current period. */
  void clear(long now) {
    if (now < idle) {
      return;
    }
    try (KeyValueIterator<Bytes, byte[]> old = index().range(entry(0, EMPTY), entry(now - idle + 1, EMPTY))) {
      while (old.hasNext()) {
        KeyValue<Bytes, byte[]> next = old.next();
        ByteBuffer entry = ByteBuffer.wrap(next.key.get());
        long at = entry.getLong();
        byte[] name = new byte[entry.remaining()];
        entry.get(name);
        K key = keys.deserializer().deserialize(topic, name);
        byte[] value = states.get(key);
        if (value != null && !KeyBytes.fits(value)) {
          // Not of this store: its records are refused, and those of others go on.
          continue;
        }
        boolean ended = value != null && ended(now, value);
        if (ended) {
          states.delete(key);
        }
        // Another entry than a value has is left over from a commit that did not come to its end, or from another setting.
        if (value == null || ended) {
          index.delete(next.key);
        } else if (down(KeyBytes.seen(value)) != at) {
          index.delete(next.key);
          index.put(entry(down(KeyBytes.seen(value)), name), EMPTY);
        }
      }
    }
  }

  private static Bytes entry(long time, byte[] name) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + name.length).putLong(time).put(name).array());
  }
}
