package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two jobs on one task manager: with Rill in {@code lib} they have one model between them, with Rill in their JARs each has its own. */
class LibIT {
  @TempDir
  private Path folder;

  /** Events, and behind the number of each the class loader of Rill in the task manager, and which networks it has there. */
  private static final class Looking implements RecordSteps<Event, String> {
    private static final long serialVersionUID = 1;

    @Override
    public int steps(Event event) {
      return event.steps();
    }

    @Override
    public void read(Event event, float[] x) {
      System.arraycopy(event.x, 0, x, 0, event.x.length);
    }

    @Override
    public void write(Event event, float[] y, int weights, Collector<String> out) {
      out.collect(Result.of(event, y, weights) + "|" + loader() + "|" + networks());
    }

    private static String loader() {
      ClassLoader loader = KeyedNetwork.class.getClassLoader();
      return loader == ClassLoader.getSystemClassLoader() ? "lib" : "job";
    }

    /** From another class loader than the job's where Rill is in {@code lib}, so that nothing of the package can be named. */
    private static String networks() {
      try {
        Class<?> shared = Class.forName("dev.rill.flink.SharedNetworks", true, KeyedNetwork.class.getClassLoader());
        Field loaded = shared.getDeclaredField("LOADED");
        loaded.setAccessible(true);
        synchronized (shared) {
          List<Integer> networks = new ArrayList<>();
          for (Object each : ((Map<?, ?>) loaded.get(null)).values()) {
            Field network = each.getClass().getDeclaredField("network");
            network.setAccessible(true);
            networks.add(System.identityHashCode(network.get(each)));
          }
          return networks.toString();
        }
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jobsShareAModelWhereRillIsInLib(boolean lib) throws Exception {
    ModelAddress model = Models.file(folder, 1);
    String options = "-Xmx300m -XX:TieredStopAtLevel=1";
    try (Cluster cluster = lib ? Cluster.withRill(folder, 1, options) : new Cluster(folder, 1, options)) {
      List<Path> results = List.of(folder.resolve("first"), folder.resolve("second"));
      List<JobClient> jobs = new ArrayList<>();
      for (Path each : results) {
        jobs.add(start(cluster, model, each));
      }
      for (Path each : results) {
        cluster.await("results in " + each, () -> Committed.bytes(each) > 20_000);
      }
      for (JobClient job : jobs) {
        job.cancel().get();
      }
      List<Set<String>> networks = new ArrayList<>();
      for (Path each : results) {
        Map<Long, String> lines = Committed.lines(each);
        Alone alone = new Alone(model.load());
        for (long number = 0; number < lines.size(); number++) {
          assertEquals(alone.step(Event.of(number, Job.KEYS)), lines.get(number).split("\\|")[0]);
        }
        assertEquals(Set.of(lib ? "lib" : "job"), lines.values().stream().map(line -> line.split("\\|")[1]).collect(Collectors.toSet()));
        Set<String> own = lines.values().stream().map(line -> line.split("\\|")[2]).collect(Collectors.toSet());
        assertEquals(1, own.size(), "networks in the task manager: " + own);
        networks.add(own);
      }
      if (lib) {
        assertEquals(networks.get(0), networks.get(1));
      } else {
        assertNotEquals(networks.get(0), networks.get(1));
      }
    }
  }

  private JobClient start(Cluster cluster, ModelAddress model, Path results) throws Exception {
    StreamExecutionEnvironment env = cluster.environment(Job.settings(Backend.HASHMAP, Files.createDirectories(results.resolve("own")), null));
    env.setParallelism(1);
    GeneratorFunction<Long, Event> events = number -> Event.of(number, Job.KEYS);
    KeyedNetwork.of(model, new Looking()).batch(16, Duration.ofMillis(20))
        .apply(env.fromSource(new DataGeneratorSource<>(events, Long.MAX_VALUE, RateLimiterStrategy.perSecond(3000),
            TypeInformation.of(Event.class)), WatermarkStrategy.noWatermarks(), "events").keyBy(event -> event.key), Types.STRING)
        .sinkTo(FileSink.forRowFormat(new org.apache.flink.core.fs.Path(results.toUri()), new SimpleStringEncoder<String>())
            .withRollingPolicy(OnCheckpointRollingPolicy.build()).build());
    return env.executeAsync();
  }
}
