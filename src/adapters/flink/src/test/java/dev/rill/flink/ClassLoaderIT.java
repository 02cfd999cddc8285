package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task manager loads Rill anew with every job, warms it up anew, and keeps none of it: class loaders of jobs go, and with
 * {@code -Dlong=true} a hundred jobs fit into a metaspace for some twenty.
 */
class ClassLoaderIT {
  private static final int JOBS = Boolean.getBoolean("long") ? 100 : 6;
  /** What a task manager needs for Flink, and 1.6 MB for each of some jobs. */
  private static final String METASPACE = "-XX:MaxMetaspaceSize=88m";
  /** A line of the JVM's histogram: number, instances, bytes, class. */
  private static final Pattern LOADERS =
      Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+org\\.apache\\.flink\\.util\\.ChildFirstClassLoader\\b");

  @TempDir
  private Path folder;

  @Test
  void aTaskManagerKeepsNoClassLoaderOfAJobThatHasEnded() throws Exception {
    ModelAddress model = Models.file(folder, 1);
    try (Cluster cluster = new Cluster(folder, 1, "-Xmx300m " + METASPACE)) {
      for (int i = 0; i < JOBS; i++) {
        StreamExecutionEnvironment env = cluster.environment(new Configuration());
        env.setParallelism(2);
        KeyedNetwork.of(model, new EventSteps()).batch(16, Duration.ofMillis(5))
            .apply(env.fromSequence(0, 999).map(number -> Event.of(number, 20)).keyBy(event -> event.key), TypeInformation.of(Result.class))
            .sinkTo(new DiscardingSink<>());
        env.execute();
      }
      // One may still be remembered by Flink or the JVM.
      cluster.await("class loaders to be gone", () -> loaders(cluster.taskManagerPid()) <= 1);
      assertTrue(cluster.get("/overview").contains("\"taskmanagers\":1"), "it lives");
    }
  }

  /** How many class loaders of jobs a JVM has behind a full collection. */
  private static int loaders(long pid) throws Exception {
    Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(pid),
        "GC.class_histogram").redirectErrorStream(true).start();
    String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(jcmd.waitFor() == 0 && histogram.contains("java.lang.String"), histogram);
    Matcher line = LOADERS.matcher(histogram);
    return line.find() ? Integer.parseInt(line.group(1)) : 0;
  }
}
