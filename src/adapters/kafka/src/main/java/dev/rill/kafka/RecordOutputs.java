package dev.rill.kafka;

import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Makes a record's new value of the network's outputs.
 *
 * @param <K> class of keys
 * @param <V> class of values that come
 * @param <R> class of values that go
 */
@FunctionalInterface
public interface RecordOutputs<K, V, R> {
  /**
   * The value that goes on, under the record's key, time and headers.
   *
   * @param record what came
   * @param y outputs, [steps][out], or [out] if the model returns the last step only; an array of this call alone
   * @return the value
   */
  R of(FixedKeyRecord<K, V> record, float[] y);
}
