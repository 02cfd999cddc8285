package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster of processes: exceptions, a task manager killed by signal 9, and other parallelisms leave no bit different. */
class FailuresIT {
  @TempDir
  private static Path folder;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster(folder, 2, "-Xmx300m -XX:TieredStopAtLevel=1");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Waits until so many more bytes of results are committed than now. */
  private static void awaitResults(Path results, long more) throws Exception {
    long now = Committed.bytes(results);
    cluster.await("more results than " + now, () -> Committed.bytes(results) >= now + more);
  }

  @ParameterizedTest
  @CsvSource({"HASHMAP, 16", "ROCKSDB, 16", "FORST, 1"})
  void outputsAndStatesAreThoseOfOneProcess(Backend backend, int batch) throws Exception {
    ModelAddress model = Models.file(folder, 1);
    KeyedNetwork<Event, Result> settings = KeyedNetwork.of(model, new EventSteps()).batch(batch, Duration.ofMillis(20));
    Job.Step step = events -> settings.apply(events, TypeInformation.of(Result.class));
    Path own = Files.createDirectories(folder.resolve(backend.key()));
    Path results = own.resolve("results");
    String savepoint = null;
    for (int parallelism : new int[] {1, 4, 2}) {
      JobClient job = Job.start(cluster.environment(Job.settings(backend, own, savepoint)), parallelism, 1, step, results);
      cluster.await("the exception", () -> cluster.restarts(job) >= 1);
      awaitResults(results, 50_000);
      if (parallelism == 4) {
        cluster.killTaskManager();
        cluster.startTaskManager();
        cluster.await("the kill to be noticed", () -> cluster.restarts(job) > 1);
        awaitResults(results, 50_000);
      }
      savepoint = Job.stop(job, own, backend.format);
    }
    Alone alone = new Alone(model.load());
    Map<Long, String> lines = Committed.lines(results);
    assertEquals(0, Proof.differences(lines, alone));
    System.out.println(backend + ", " + lines.size() + " outputs through exceptions, a kill and parallelism 1, 4 and 2: none differs");
    if (backend.reader != null) {
      Proof.assertStates(savepoint, backend, model, alone);
    }
  }
}
