package dev.rill.kafka;

import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Takes the inputs of the network out of a record.
 *
 * @param <K> class of keys
 * @param <V> class of values
 */
@FunctionalInterface
public interface RecordInputs<K, V> {
  /**
   * The time steps that a record brings.
   *
   * @param record with a key; its value may be null
   * @return inputs, [steps][in], of at least one step, finite; read before the next call
   */
  float[] of(FixedKeyRecord<K, V> record);
}
