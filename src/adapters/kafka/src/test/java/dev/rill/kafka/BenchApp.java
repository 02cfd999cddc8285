package dev.rill.kafka;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.Shape;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * One pipeline, LSTM 64 to 128 and a dense unit on topic {@code in}, in a JVM of its own, that prints how long it took. Arguments are
 * options of Kafka Streams and {@code mode}: "rill"; "bytes", which reads and writes as many bytes of state and does nothing; "empty",
 * which has no state; "session", which has no Kafka; "restore", which prints the time until it runs. Of {@code records}, the last half
 * is timed.
 */
final class BenchApp {
  static final int IN = 64;

  private BenchApp() {}

  static Network network() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(128).returnSequences(true), new Dense(1));
    model.initialize(1);
    return model.freeze();
  }

  static float[] x(int number) {
    float[] x = new float[IN];
    for (int i = 0; i < IN; i++) {
      x[i] = ((number * IN + i) * 0x9E3779B9 >> 8) * 0x1p-23f;
    }
    return x;
  }

  public static void main(String[] arguments) throws Exception {
    Properties options = new Properties();
    for (String argument : arguments) {
      options.put(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
    }
    String mode = (String) options.remove("mode");
    int records = Integer.parseInt((String) options.remove("records"));
    Network network = network();
    if (mode.equals("session")) {
      session(network, records, Integer.parseInt((String) options.remove("keys")));
      return;
    }
    AtomicLong begun = new AtomicLong();
    CountDownLatch done = new CountDownLatch(1);
    int[] count = new int[1];
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, float[]> in = builder.stream("in", Consumed.with(Serdes.String(), Samples.floats()));
    KStream<String, Float> out = switch (mode) {
      case "rill", "restore" -> in.processValues(
          RecurrentSupplier.of("states", network, Serdes.String(), record -> record.value(), (record, y) -> y[0]));
      case "bytes" -> in.processValues(new Bytes(StoredStreams.of(network, 1).maxBytes() + 13));
      default -> in.mapValues(x -> x[0]);
    };
    out.peek((key, value) -> {
      if (++count[0] == records / 2) {
        begun.set(System.nanoTime());
      } else if (count[0] == records) {
        System.out.println("TOOK " + (System.nanoTime() - begun.get()) / 1e9 / (records - records / 2));
        done.countDown();
      }
    }).to(mode, Produced.with(Serdes.String(), Serdes.Float()));
    try (KafkaStreams streams = new KafkaStreams(builder.build(), options)) {
      CountDownLatch runs = new CountDownLatch(1);
      streams.setStateListener((now, before) -> {
        if (now == KafkaStreams.State.RUNNING) {
          runs.countDown();
        }
      });
      long start = System.nanoTime();
      streams.start();
      runs.await();
      System.out.println("RUNS after " + (System.nanoTime() - start) / 1e9);
      if (!mode.equals("restore")) {
        done.await();
      }
    }
  }

  private static void session(Network network, int records, int keys) {
    Session session = network.session(keys);
    float[][] x = new float[1024][];
    for (int i = 0; i < x.length; i++) {
      x[i] = x(i);
    }
    float[] y = new float[1];
    int[] row = new int[1];
    long start = 0;
    for (int i = 0; i < records; i++) {
      if (i == records / 2) {
        start = System.nanoTime();
      }
      row[0] = i % keys;
      session.step(row, 1, x[i & 1023], y);
    }
    System.out.println("TOOK " + (System.nanoTime() - start) / 1e9 / (records - records / 2));
  }

  /** As many bytes in and out of a store, and nothing between. */
  private record Bytes(int size) implements FixedKeyProcessorSupplier<String, float[], Float> {
    @Override
    public FixedKeyProcessor<String, float[], Float> get() {
      return new FixedKeyProcessor<>() {
        private FixedKeyProcessorContext<String, Float> context;
        private KeyValueStore<String, byte[]> states;

        @Override
        public void init(FixedKeyProcessorContext<String, Float> task) {
          context = task;
          states = task.getStateStore("states");
        }

        @Override
        public void process(FixedKeyRecord<String, float[]> record) {
          byte[] state = states.get(record.key());
          context.forward(record.withValue(record.value()[0]));
          states.put(record.key(), state == null ? new byte[size] : state.clone());
        }
      };
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return RecurrentSupplier.of("states", network(), Serdes.String(), record -> (float[]) null, (record, y) -> y).stores();
    }
  }
}
