package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Steps a recurrent network in a Kafka Streams topology, with one state for each key: each record is one or more time steps of its key's
 * stream, and gives one output. States are bytes in a store with a changelog, so that Kafka moves and restores them; each stream is, to
 * the bit, as if one {@link dev.rill.Session} had read it from its first record to its last.
 *
 * <pre>{@code
 * RecurrentSupplier<String, float[], Float> forecast =
 *     RecurrentSupplier.of("forecast", network, Serdes.String(), record -> record.value(), (record, y) -> y[0]);
 * readings.processValues(forecast).to("forecasts");
 * }</pre>
 *
 * <p><b>Records that are read twice.</b> With {@code processing.guarantee=exactly_once_v2} states and outputs are as if each record had
 * been read once. With {@code at_least_once}, the default of Kafka, records since the last commit are read again after a crash, and a
 * recurrent state would step them twice. So a fence is up there: each state keeps the last offset that it has read, of each source, and
 * what it has read is skipped. States are then as if each record had been read once. An output may be there twice, with the same bits
 * unless the network was replaced between; a record that is skipped gives no output again, so that its output is missing if the process
 * died after the state reached the changelog or the disk and before the output reached its topic.
 *
 * <p>The fence knows a record by topic, partition and offset, and by its place among those that the topology made of it. It holds where
 * a key's records of one source reach it in the order of their offsets, as they do behind steps that keep no record back, and where the
 * topology makes the same records of one when it is read again. A record with a smaller offset than the key has read of that source
 * counts as read: an application that is to read a topic from an earlier place, or a topic that was deleted and filled anew, has to be
 * reset. A record that was written twice has two offsets, and is stepped twice: so does a repartition before it after a crash, which is
 * {@code exactly_once_v2}'s to prevent.
 *
 * <p><b>Records that are broken</b> throw {@link BrokenRecordException} before anything changes.
 *
 * <p>An object may be used once in a topology, in any number of threads; it does not change once {@code processValues} has it. A record
 * costs the step, some 0.4 µs for the bytes of 32 units, and what Kafka takes for a read and a write of the store.
 *
 * @param <K> class of keys
 * @param <V> class of values that come
 * @param <R> class of values that go
 */
public final class RecurrentSupplier<K, V, R> implements FixedKeyProcessorSupplier<K, V, R> {
  private static final String INDEX = "-last-seen";
  private static final String SWAPS = "-swaps";

  private final String store;
  private final ServedNetwork network;
  private final Serde<K> keys;
  private final RecordInputs<K, V> inputs;
  private final RecordOutputs<K, V, R> outputs;
  private boolean inMemory;
  private Map<String, String> changelog = Map.of();
  /** Null if the guarantee of the application decides. */
  private Boolean fence;
  /** Null if streams do not end by themselves. */
  private Duration idle;
  private Duration clearEvery;

  private RecurrentSupplier(String store, ServedNetwork network, Serde<K> keys, RecordInputs<K, V> inputs,
      RecordOutputs<K, V, R> outputs) {
    this.store = Require.given(store, "the name of the store");
    this.network = Require.given(network, "the network");
    this.keys = Require.given(keys, "the serde of the keys");
    this.inputs = Require.given(inputs, "what takes the inputs out of a record");
    this.outputs = Require.given(outputs, "what makes a value of the outputs");
  }

  /**
   * A processor for {@code processValues} that refuses states of other weights.
   *
   * @param <K> class of keys
   * @param <V> class of values that come
   * @param <R> class of values that go
   * @param store name of the store, which its changelog has, too; another one for each use in a topology. Stores beside it have longer
   *     names: the networks that a task has taken up, and last times where streams end
   * @param network of one input and one output, that can be streamed
   * @param keys writes keys to the store
   * @param inputs takes the inputs out of a record
   * @param outputs makes a record's new value of the outputs
   * @return a supplier, which connects its stores by itself
   * @throws ShapeException if the network has several inputs or outputs
   * @throws dev.rill.tensor.StateException if it cannot be streamed
   */
  public static <K, V, R> RecurrentSupplier<K, V, R> of(String store, Network network, Serde<K> keys, RecordInputs<K, V> inputs,
      RecordOutputs<K, V, R> outputs) {
    return of(store, ServedNetwork.of(network), keys, inputs, outputs);
  }

  /**
   * A processor for {@code processValues} whose network can be changed while records flow.
   *
   * @param <K> class of keys
   * @param <V> class of values that come
   * @param <R> class of values that go
   * @param store name of the store, which its changelog has, too; another one for each use in a topology
   * @param network what steps the streams, and what becomes of states of other weights
   * @param keys writes keys to the store
   * @param inputs takes the inputs out of a record
   * @param outputs makes a record's new value of the outputs
   * @return a supplier, which connects its stores by itself
   */
  public static <K, V, R> RecurrentSupplier<K, V, R> of(String store, ServedNetwork network, Serde<K> keys, RecordInputs<K, V> inputs,
      RecordOutputs<K, V, R> outputs) {
    return new RecurrentSupplier<>(store, network, keys, inputs, outputs);
  }

  /**
   * Keeps states in memory, and on no disk: they are restored from the changelog at each start.
   *
   * @return this
   */
  public RecurrentSupplier<K, V, R> inMemory() {
    inMemory = true;
    return this;
  }

  /**
   * Sets options of the changelog's topic.
   *
   * @param options of the topic by name, such as {@code compression.type}; none by default
   * @return this
   */
  public RecurrentSupplier<K, V, R> changelog(Map<String, String> options) {
    changelog = Map.copyOf(Require.given(options, "the options of the changelog"));
    return this;
  }

  /**
   * Says whether each state keeps the last offset that it has read, and skips what comes again. It takes 18 bytes a key and source, and
   * those of the topic's name.
   *
   * @param up by default true with {@code at_least_once}, where states are wrong after a crash without it, and false with
   *     {@code exactly_once_v2}
   * @return this
   */
  public RecurrentSupplier<K, V, R> fence(boolean up) {
    fence = up;
    return this;
  }

  /**
   * Lets streams end that are not seen for some time: the next record of such a key begins at zero. Time is the stream time of the task,
   * by the records' timestamps, so that records read again from one topic give the same again, to the bit. States are deleted, with
   * a tombstone in the changelog, some time after that; an index by time, with a changelog of its own, keeps that from reading them all.
   * Streams of an application that has run without are read once, for that index, when a task has its first record.
   *
   * <p>Under {@code at_least_once}, an output that is given again after a crash may differ if its stream was cleared away before the
   * crash and after that record; states do not.
   *
   * @param after the stream time without a record after which a stream is at its end
   * @param every how often those at their end are deleted, in stream time; a key's entry in the index is written about so often. Both
   *     times may be others when the application starts again
   * @return this
   * @throws ShapeException if one of them is less than a millisecond or more than a thousand years
   */
  public RecurrentSupplier<K, V, R> endAfter(Duration after, Duration every) {
    Require.millis(after, "the time without a record after which streams end");
    Require.millis(every, "the time after which ended streams are cleared");
    idle = after;
    clearEvery = every;
    return this;
  }

  /**
   * What {@code KafkaStreams.store} takes, to look at the states of the keys that this process has, see {@link KeyState#of}.
   *
   * @return a query
   */
  public StoreQueryParameters<ReadOnlyKeyValueStore<K, byte[]>> query() {
    return StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.keyValueStore());
  }

  @Override
  public FixedKeyProcessor<K, V, R> get() {
    return new RecurrentProcessor<>(this);
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    Set<StoreBuilder<?>> all = new LinkedHashSet<>();
    all.add(builder(store, keys));
    all.add(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(store + SWAPS), Serdes.String(), Serdes.String())
        .withLoggingEnabled(changelog));
    if (idle != null) {
      all.add(builder(store + INDEX, Serdes.Bytes()));
    }
    return all;
  }

  private <T> StoreBuilder<KeyValueStore<T, byte[]>> builder(String name, Serde<T> serde) {
    KeyValueBytesStoreSupplier bytes = inMemory ? Stores.inMemoryKeyValueStore(name) : Stores.persistentKeyValueStore(name);
    return Stores.keyValueStoreBuilder(bytes, serde, Serdes.ByteArray()).withCachingEnabled().withLoggingEnabled(changelog);
  }

  String store() {
    return store;
  }

  ServedNetwork network() {
    return network;
  }

  RecordInputs<K, V> inputs() {
    return inputs;
  }

  RecordOutputs<K, V, R> outputs() {
    return outputs;
  }

  Duration clearEvery() {
    return clearEvery;
  }

  boolean fenced(ProcessingContext task) {
    return fence != null ? fence : !StreamsConfig.EXACTLY_ONCE_V2.equals(task.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
  }

  TaskSwaps swaps(ProcessingContext task) {
    return new TaskSwaps(task.getStateStore(store + SWAPS));
  }

  LastSeen<K> lastSeen(ProcessingContext task, KeyValueStore<K, byte[]> states) {
    if (idle == null) {
      return null;
    }
    KeyValueStore<Bytes, byte[]> index = task.getStateStore(store + INDEX);
    return new LastSeen<>(idle.toMillis(), clearEvery.toMillis(), index, states, keys);
  }
}
