package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** A task manager loads Rill anew with every job, warms it up anew, and keeps none of it. */
class ClassLoaderIT {
  private static final int JOBS = Boolean.getBoolean("long") ? 100 : 20;
  /** What a task manager needs for Flink, and for a few jobs. */
  private static final String METASPACE = "-XX:MaxMetaspaceSize=88m";
  private static final Pattern VALUE = Pattern.compile("\"value\":\"(\\d+)\"");

  @TempDir
  private Path folder;

  @Test
  void manyJobsFitIntoASmallMetaspace() throws Exception {
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
      String metrics = "/taskmanagers/" + cluster.get("/taskmanagers").replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1") + "/metrics?get=Status.JVM.";
      cluster.await("classes to be unloaded", () -> value(cluster.get(metrics + "ClassLoader.ClassesUnloaded")) > 0);
      System.out.println(JOBS + " jobs, " + value(cluster.get(metrics + "ClassLoader.ClassesUnloaded")) + " classes unloaded, "
          + value(cluster.get(metrics + "ClassLoader.ClassesLoaded")) + " loaded, metaspace "
          + (value(cluster.get(metrics + "Memory.Metaspace.Used")) >> 20) + " MB");
      assertTrue(cluster.get("/overview").contains("\"taskmanagers\":1"), "it lives");
    }
  }

  private static long value(String metric) {
    Matcher matcher = VALUE.matcher(metric);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
