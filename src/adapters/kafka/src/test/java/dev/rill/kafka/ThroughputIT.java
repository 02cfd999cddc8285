package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints ratios and costs, with {@code -Dlong=true}; nothing of them is asserted but that they are there. */
class ThroughputIT {
  private static final int RECORDS = Integer.getInteger("records", 200_000);
  private static final int KEYS = 10_000;
  private static final int MANY_KEYS = 100_000;

  @TempDir
  private Path folder;

  @Test
  void ratiosOfOneRun() throws Exception {
    assumeTrue(Boolean.getBoolean("long"));
    try (Broker broker = new Broker(folder.resolve("broker"))) {
      broker.topics(1, "in", "rill", "bytes", "empty");
      feed(broker, RECORDS, KEYS);
      double session = took(broker, "session");
      double empty = took(broker, "empty");
      double bytes = took(broker, "bytes");
      double rill = took(broker, "rill");
      System.out.printf(Locale.ROOT, "LSTM 64 to 128, exactly once, one thread; µs a record: session alone %.1f, pipeline without a state "
          + "%.1f, with as many bytes of state %.1f, with Rill %.1f%n", session * 1e6, empty * 1e6, bytes * 1e6, rill * 1e6);
      System.out.printf(Locale.ROOT, "time with Rill over without a state %.2f, over bytes of state %.2f, over the session alone %.2f%n",
          rill / empty, rill / bytes, rill / session);
      List<ConsumerRecord<String, byte[]>> changes = Topics.read(broker, "rill-states-changelog");
      System.out.printf(Locale.ROOT, "changelog: %d bytes a key (%d of them the network's numbers), %.2f records for each of the input%n",
          changes.get(0).value().length + changes.get(0).key().length(), BenchApp.network().stateBytes(1),
          (double) changes.size() / RECORDS);
      assertTrue(rill > 0 && bytes > 0 && empty > 0 && session > 0);
    }
  }

  @Test
  void recoveryOfManyKeys() throws Exception {
    assumeTrue(Boolean.getBoolean("long"));
    try (Broker broker = new Broker(folder.resolve("broker"))) {
      broker.topics(1, "in", "rill", "restore");
      feed(broker, MANY_KEYS, MANY_KEYS);
      took(broker, "rill", MANY_KEYS, "rill");
      String restored;
      try (Child app = app(broker, "restore", MANY_KEYS, "rill", folder.resolve("anew"))) {
        restored = app.await("RUNS after");
      }
      System.out.println(MANY_KEYS + " keys of LSTM 64 to 128: an application without a disk restores them and runs after " + restored + " s");
    }
  }

  private static void feed(Broker broker, int records, int keys) {
    try (KafkaProducer<String, float[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.address(), "linger.ms", "5"),
        new StringSerializer(), Samples.floats().serializer())) {
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>("in", "key " + i % keys, BenchApp.x(i)));
      }
    }
  }

  private double took(Broker broker, String mode) throws Exception {
    return took(broker, mode, RECORDS, mode);
  }

  private double took(Broker broker, String mode, int records, String id) throws Exception {
    Child app = app(broker, mode, records, id, folder.resolve(mode));
    double took = Double.parseDouble(app.await("TOOK"));
    app.result(60);
    return took;
  }

  private Child app(Broker broker, String mode, int records, String id, Path state) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(App.options(broker, state, id, "processing.guarantee=exactly_once_v2")));
    arguments.addAll(List.of("mode=" + mode, "records=" + records, "keys=" + KEYS));
    return Child.start(folder.resolve(mode + ".txt"), List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector"), BenchApp.class.getName(),
        arguments.toArray(new String[0]));
  }
}
