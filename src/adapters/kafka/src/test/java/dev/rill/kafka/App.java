package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.serving.Carry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;

/**
 * An application in a JVM of its own: reads topic {@code in}, steps, and writes a topic for each store that is named. Arguments are
 * options of Kafka Streams, {@code name=value}; {@code stores} lists the stores: those that begin with "open" have no fence, those that
 * begin with "fenced" have one whatever the guarantee, and in those that end with "ending" streams end; {@code networks} names the topic
 * to follow; {@code model}, whatever it is, stands for the demo's model. Prints when it runs and when the first record has come. On
 * standard input it takes "network" and any word, and prints the fingerprint of what is served; or a store, a key with _ for a blank and
 * any word, and prints that key's state in hexadecimal.
 */
final class App {
  static final long FIRST_NETWORK = 1;

  private App() {}

  public static void main(String[] arguments) throws Exception {
    Properties options = new Properties();
    for (String argument : arguments) {
      options.put(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
    }
    String[] stores = ((String) options.remove("stores")).split(",");
    Object networks = options.remove("networks");
    Network network = options.remove("model") == null ? Samples.network(FIRST_NETWORK) : Demo.network();
    ServedNetwork served = ServedNetwork.of(network, Carry.KEEP, 0);
    StreamsBuilder builder = new StreamsBuilder();
    if (networks != null) {
      NetworkTopic.follow(builder, (String) networks, Map.of("forecast", served), address -> {
        System.out.println("LOADS " + address);
        return Samples.network(Long.parseLong(address));
      });
    }
    AtomicBoolean first = new AtomicBoolean();
    KStream<String, float[]> in = builder.stream("in", Consumed.with(Serdes.String(), Samples.floats())).peek((key, value) -> {
      if (first.compareAndSet(false, true)) {
        System.out.println("PROCESSES");
      }
    });
    for (String store : stores) {
      RecurrentSupplier<String, float[], float[]> supplier =
          RecurrentSupplier.of(store, served, Serdes.String(), record -> record.value(), (record, y) -> y);
      if (store.startsWith("open") || store.startsWith("fenced")) {
        supplier.fence(store.startsWith("fenced"));
      }
      if (store.endsWith("ending")) {
        supplier.endAfter(Duration.ofMillis(Feed.IDLE), Duration.ofMillis(50));
      }
      in.processValues(supplier).to(store, Produced.with(Serdes.String(), Samples.floats()));
    }
    Topology topology = builder.build();
    KafkaStreams streams;
    try {
      streams = started(topology, options);
    } catch (ProcessorStateException e) {
      // Killed while RocksDB made its files, it leaves a folder that RocksDB refuses. All that was in it is in the changelog.
      try (KafkaStreams wiped = new KafkaStreams(topology, options)) {
        wiped.cleanUp();
      }
      streams = started(topology, options);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = asked.readLine(); line != null; line = asked.readLine()) {
      String[] words = line.split(" ");
      if (words[0].equals("network")) {
        System.out.println("NETWORK " + words[1] + " " + served.network().weightsFingerprint());
      } else {
        var query = RecurrentSupplier.of(words[0], served, Serdes.String(), record -> (float[]) null, (record, y) -> y).query();
        KeyState state = KeyState.of(served.network(), streams.store(query).get(words[1].replace('_', ' ')));
        System.out.println("STATE " + words[1] + " " + words[2] + " " + HexFormat.of().formatHex(state.state().toBytes()));
      }
    }
  }

  private static KafkaStreams started(Topology topology, Properties options) {
    KafkaStreams streams = new KafkaStreams(topology, options);
    streams.setUncaughtExceptionHandler(exception -> {
      exception.printStackTrace(System.out);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    });
    streams.setStateListener((now, before) -> System.out.println(now));
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      streams.close();
      throw e;
    }
    return streams;
  }

  /**
   * What all tests say of Kafka Streams: a dead member is missed soon, a transaction that nobody ends does not last, and a new member
   * gets tasks at once, however much there is to restore.
   */
  static String[] options(Broker broker, Path state, String id, String... more) {
    String[] common = {"bootstrap.servers=" + broker.address(), "application.id=" + id, StreamsConfig.STATE_DIR_CONFIG + "=" + state,
        "session.timeout.ms=1500", "heartbeat.interval.ms=300", "producer.transaction.timeout.ms=5000", "auto.offset.reset=earliest",
        "metadata.max.age.ms=5000", "acceptable.recovery.lag=1000000000"};
    String[] all = Arrays.copyOf(common, common.length + more.length);
    System.arraycopy(more, 0, all, common.length, more.length);
    return all;
  }

  static Child start(Path log, String... options) throws IOException {
    return Child.start(log, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Drill.kernels=scalar"), App.class.getName(), options);
  }
}
