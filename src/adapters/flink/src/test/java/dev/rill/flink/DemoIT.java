package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.Network;
import dev.rill.Session;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo: carbon dioxide at Mauna Loa, month by month, as if two hundred places had measured it; a task manager dies meanwhile. */
class DemoIT {
  private static final int PLACES = 200;
  private static final float SCALE = 1.2f;

  @TempDir
  private Path folder;

  /** Changes of the series from month to month, as the model reads them. */
  private static float[] changes() throws Exception {
    try (InputStream in = resource("series.csv")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
      float[] changes = new float[lines.size() - 1];
      for (int i = 0; i < changes.length; i++) {
        changes[i] = (value(lines.get(i + 1)) - value(lines.get(i))) / SCALE;
      }
      return changes;
    }
  }

  private static float value(String line) {
    return Float.parseFloat(line.substring(line.indexOf(',') + 1));
  }

  private static InputStream resource(String name) {
    return Network.class.getResourceAsStream("/dev/rill/cli/demo/" + name);
  }

  /** Each place sees a little more of the change than the one before. */
  private static Event event(long number, float[] changes) {
    Event event = new Event();
    event.number = number;
    event.key = (int) (number % PLACES);
    event.x = new float[] {changes[(int) (number / PLACES)] * (1 + event.key / 1000f)};
    return event;
  }

  private static String line(Event event, float[] y) {
    return event.number + " " + Integer.toHexString(Float.floatToIntBits(y[0]));
  }

  private static final class Forecasts implements RecordSteps<Event, String> {
    private static final long serialVersionUID = 1;

    @Override
    public void read(Event event, float[] x) {
      x[0] = event.x[0];
    }

    @Override
    public void write(Event event, float[] y, int weights, Collector<String> out) {
      out.collect(line(event, y));
    }
  }

  @Test
  void nothingIsLostWhenATaskManagerDies() throws Exception {
    float[] changes = changes();
    int records = changes.length * PLACES;
    Path file = folder.resolve("model.keras");
    try (InputStream in = resource("model.keras")) {
      Files.copy(in, file);
    }
    ModelAddress model = ModelAddress.pinned(file.toUri().toString());
    Path results = folder.resolve("results");
    try (Cluster cluster = new Cluster(folder, 2, "-Xmx300m -XX:TieredStopAtLevel=1")) {
      System.out.println("a job manager and two task managers run, each in a process of its own");
      StreamExecutionEnvironment env = cluster.environment(Job.settings(Backend.HASHMAP, folder, null));
      env.setParallelism(4);
      GeneratorFunction<Long, Event> events = number -> event(number, changes);
      KeyedNetwork.of(model, new Forecasts()).batch(64, Duration.ofMillis(20))
          .apply(env.fromSource(new DataGeneratorSource<>(events, records, RateLimiterStrategy.perSecond(20_000),
              TypeInformation.of(Event.class)), WatermarkStrategy.noWatermarks(), "months").setParallelism(1).keyBy(event -> event.key),
              Types.STRING)
          .sinkTo(FileSink.forRowFormat(new org.apache.flink.core.fs.Path(results.toUri()), new SimpleStringEncoder<String>())
              .withRollingPolicy(OnCheckpointRollingPolicy.build()).build());
      JobClient job = env.executeAsync();
      cluster.await("forecasts", () -> Committed.bytes(results) > records);
      cluster.killTaskManager();
      System.out.println("a task manager has been killed by signal 9, with " + Committed.lines(results).size() + " forecasts committed");
      cluster.startTaskManager();
      job.getJobExecutionResult().get();
    }
    Map<Long, String> lines = Committed.lines(results);
    assertEquals(records, lines.size());
    Network network = model.load();
    Session session = network.session(PLACES);
    float[] y = new float[1];
    int[] row = new int[1];
    for (long number = 0; number < records; number++) {
      Event event = event(number, changes);
      row[0] = event.key;
      session.step(row, 1, event.x, y);
      assertEquals(line(event, y), lines.get(number));
    }
    System.out.println("all " + records + " forecasts of " + PLACES + " places are there once, equal to the bit to one process");
  }
}
