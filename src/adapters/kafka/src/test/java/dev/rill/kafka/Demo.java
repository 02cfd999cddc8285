package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Starts a real broker, streams the CO2 series of the core's demo as that of many stations, forecasts each, kills what computes a few
 * times, and compares all forecasts with those of one session a station.
 */
final class Demo {
  private static final int STATIONS = 40;
  private static final int KILLS = 3;

  private Demo() {}

  static Network network() throws IOException {
    return Network.load(Network.class.getResourceAsStream("/dev/rill/cli/demo/model.keras"));
  }

  /** Changes from month to month, as the model reads them: the series' file says what they are divided by. */
  private static float[] changes() throws IOException {
    List<Float> changes = new ArrayList<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Network.class.getResourceAsStream("/dev/rill/cli/demo/series.csv"), StandardCharsets.UTF_8))) {
      double before = Double.NaN;
      for (String line : lines.lines().skip(1).toList()) {
        double value = Double.parseDouble(line.split(",")[1]);
        if (!Double.isNaN(before)) {
          changes.add((float) ((value - before) / 1.2));
        }
        before = value;
      }
    }
    float[] all = new float[changes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = changes.get(i);
    }
    return all;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("rill-kafka-demo");
    try {
      demo(folder);
    } finally {
      delete(folder);
    }
  }

  private static void demo(Path folder) throws Exception {
    float[] changes = changes();
    System.out.println("starts a broker");
    try (Broker broker = new Broker(folder.resolve("broker"))) {
      broker.topics(4, "in", "forecasts");
      Child app = app(broker, folder, 0);
      try (KafkaProducer<String, float[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.address()),
          new StringSerializer(), Samples.floats().serializer())) {
        System.out.println("streams " + changes.length + " months of " + STATIONS + " stations");
        for (int month = 0; month < changes.length; month++) {
          for (int station = 1; station <= STATIONS; station++) {
            producer.send(new ProducerRecord<>("in", "station " + station, new float[] {changes[month]}));
          }
          producer.flush();
          if (month % (changes.length / (KILLS + 1)) == changes.length / (KILLS + 1) - 1 && month < changes.length - KILLS - 1) {
            app.await("PROCESSES");
            Thread.sleep(200);
            app.kill();
            System.out.println("killed the application after month " + (month + 1) + ", and starts another");
            app = app(broker, folder, month);
          }
          Thread.sleep(5);
        }
        Topics.awaitCommitted(broker, "demo", "in");
      } finally {
        app.close();
      }
      compare(broker, changes);
    }
  }

  private static void compare(Broker broker, float[] changes) throws IOException {
    Map<String, List<byte[]>> forecasts = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : Topics.read(broker, "forecasts")) {
      forecasts.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record.value());
    }
    Session alone = network().session(1);
    float[] y = new float[1];
    int right = 0;
    for (int month = 0; month < changes.length; month++) {
      alone.step(new float[] {changes[month]}, y);
      for (List<byte[]> station : forecasts.values()) {
        right += month < station.size() && Samples.sameBits(y, Samples.floats(station.get(month))) ? 1 : 0;
      }
    }
    int all = forecasts.values().stream().mapToInt(List::size).sum();
    System.out.println(all + " forecasts of " + changes.length * STATIONS + ", " + right + " of them to the bit those of one process; the "
        + "last says " + (y[0] * 1.2f > 0 ? "+" : "") + y[0] * 1.2f + " ppm");
    if (all != changes.length * STATIONS || right != all) {
      throw new AssertionError("something was lost, came twice, or differs");
    }
  }

  private static Child app(Broker broker, Path folder, int start) throws IOException {
    return App.start(folder.resolve("app-" + start + ".txt"), App.options(broker, folder.resolve("state"), "demo", "stores=forecasts",
        "model=demo", "processing.guarantee=exactly_once_v2", "commit.interval.ms=100"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
