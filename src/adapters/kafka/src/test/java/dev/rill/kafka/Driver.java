package dev.rill.kafka;

import dev.rill.Network;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/** A topology that reads topic {@code in}, steps and writes topic {@code out}, without a broker. */
final class Driver implements AutoCloseable {
  static final String STORE = "states";

  final TopologyTestDriver driver;
  final TestInputTopic<String, float[]> in;

  Driver(RecurrentSupplier<String, float[], float[]> supplier) {
    this(supplier, new StreamsBuilder(), Function.identity(), Map.of());
  }

  Driver(RecurrentSupplier<String, float[], float[]> supplier, StreamsBuilder builder,
      Function<KStream<String, float[]>, KStream<String, float[]>> before, Map<String, Object> options) {
    this(stepping(supplier, builder.stream("in", Consumed.with(Serdes.String(), Samples.floats())), before, builder), options);
  }

  /** Adds the steps of a topology. */
  static StreamsBuilder stepping(RecurrentSupplier<String, float[], float[]> supplier, KStream<String, float[]> in,
      Function<KStream<String, float[]>, KStream<String, float[]>> before, StreamsBuilder builder) {
    before.apply(in).processValues(supplier).to("out", Produced.with(Serdes.String(), Samples.floats()));
    return builder;
  }

  Driver(StreamsBuilder builder, Map<String, Object> options) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.putAll(options);
    driver = new TopologyTestDriver(builder.build(), properties, Instant.ofEpochMilli(0));
    in = driver.createInputTopic("in", Serdes.String().serializer(), Samples.floats().serializer());
  }

  static RecurrentSupplier<String, float[], float[]> supplier(ServedNetwork network) {
    return RecurrentSupplier.of(STORE, network, Serdes.String(), record -> record.value(), (record, y) -> y);
  }

  static RecurrentSupplier<String, float[], float[]> supplier(Network network) {
    return supplier(ServedNetwork.of(network)).inMemory();
  }

  /** What has come out since. */
  List<KeyValue<String, float[]>> out() {
    return driver.createOutputTopic("out", Serdes.String().deserializer(), Samples.floats().deserializer()).readKeyValuesToList();
  }

  KeyValueStore<String, byte[]> states() {
    return driver.getKeyValueStore(STORE);
  }

  KeyValueStore<Object, byte[]> index() {
    return driver.getKeyValueStore(STORE + "-last-seen");
  }

  KeyValueStore<String, String> swaps() {
    return driver.getKeyValueStore(STORE + "-swaps");
  }

  /** Has the states and swaps of another one: the task has moved. */
  Driver after(Map<String, byte[]> values, String swaps) {
    values.forEach(states()::put);
    swaps().put("weights", swaps);
    return this;
  }

  Map<String, byte[]> values() {
    Map<String, byte[]> values = new HashMap<>();
    try (var all = states().all()) {
      all.forEachRemaining(entry -> values.put(entry.key, entry.value));
    }
    return values;
  }

  @Override
  public void close() {
    driver.close();
  }
}
