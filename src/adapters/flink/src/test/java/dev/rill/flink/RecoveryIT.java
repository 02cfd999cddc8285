package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand keys, their task manager killed: how many bytes a checkpoint has for a key, and how long the job stands still. */
@EnabledIfSystemProperty(named = "long", matches = "true")
class RecoveryIT {
  private static final int KEYS = 100_000;

  @TempDir
  private Path folder;

  @Test
  void aHundredThousandKeysGoOn() throws Exception {
    ModelAddress model = Models.file(folder, 1, 32);
    Path results = folder.resolve("results");
    KeyedNetwork<Event, Result> settings = KeyedNetwork.of(model, new EventSteps()).batch(64, Duration.ofMillis(20));
    try (Cluster cluster = new Cluster(folder, 2, "-Xmx400m")) {
      JobClient job = Job.start(cluster.environment(Job.settings(Backend.HASHMAP, folder, null)), 4, 0,
          events -> settings.apply(events, TypeInformation.of(Result.class)), results, KEYS, 30_000);
      cluster.await("results of all keys", () -> Committed.bytes(results) >= 40_000_000);
      long before = Committed.bytes(results);
      long begin = System.nanoTime();
      cluster.killTaskManager();
      cluster.startTaskManager();
      cluster.await("results after the kill", () -> Committed.bytes(results) > before);
      double seconds = (System.nanoTime() - begin) / 1e9;
      String savepoint = Job.stop(job, folder, Backend.HASHMAP.format);
      long bytes = bytes(Path.of(java.net.URI.create(savepoint)));
      System.out.printf(Locale.ROOT, "%d keys: %d bytes of a savepoint a key, of which %d are its numbers; %.1f s from kill -9 to results%n",
          KEYS, bytes / KEYS, model.load().rowBytes(), seconds);
      Alone alone = new Alone(model.load());
      assertEquals(0, Proof.differences(Committed.lines(results), alone, KEYS, 0));
      assertTrue(alone.sessions().size() > KEYS * 0.99);
    }
  }

  private static long bytes(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
