package app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's query in a JVM of its own, with the flags of the page, killed and begun again. */
class SparkRecipeTest {
  private static final Path ROOT = Path.of("..", "..", "..").toAbsolutePath().normalize();
  private static final Path MODEL = ROOT.resolve("src/docs/example/model.keras");
  private static final int KEYS = 7;
  private static final int BATCHES = 10;
  private static final int STEPS = 3;
  private static final int BEFORE_THE_KILL = 3;

  @TempDir
  private Path folder;

  /** Input of a key at a time. */
  private static float[] x(int key, int time) {
    Random random = new Random(1000L * key + time);
    return new float[] {random.nextFloat(), random.nextFloat(), random.nextFloat()};
  }

  /** A file for each micro-batch, its rows in any order, some of them twice. */
  private void readings() throws IOException {
    Path readings = Files.createDirectories(folder.resolve("readings"));
    for (int batch = 0; batch < BATCHES; batch++) {
      List<String> rows = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        for (int step = 0; step < STEPS; step++) {
          rows.add(row(key, batch * STEPS + step));
        }
      }
      rows.add(row(batch % KEYS, Math.max(0, batch * STEPS - 2)));
      Collections.shuffle(rows, new Random(batch));
      Path file = readings.resolve("%03d.json".formatted(batch));
      Files.write(file, batch == 0 ? rows.stream().distinct().toList() : rows);
      // Spark takes files by their time.
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * batch));
    }
  }

  private static String row(int key, int time) {
    return "{\"key\":\"key %d\",\"time\":%d,\"x\":%s}".formatted(key, time, Arrays.toString(x(key, time)));
  }

  /** What one process says that steps each key by itself; from zero in each micro-batch if states are lost. */
  private static Map<String, Integer> expected(boolean lost) throws IOException {
    Map<String, Integer> bits = new TreeMap<>();
    Network network = Network.load(MODEL);
    for (int key = 0; key < KEYS; key++) {
      Session session = network.session(1);
      float[] y = new float[1];
      for (int time = 0; time < BATCHES * STEPS; time++) {
        if (lost && time % STEPS == 0) {
          session.reset(0);
        }
        session.step(x(key, time), y);
        bits.put("key %d at %d".formatted(key, time), Float.floatToIntBits(y[0]));
      }
    }
    return bits;
  }

  private Process spark(String main, String... args) throws IOException {
    Matcher flags = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(ROOT.resolve("src/recipes/spark.md")));
    assertTrue(flags.find());
    Path file = Files.writeString(folder.resolve("spark.args"), flags.group(1));
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file,
        "-Xmx700m", "-XX:TieredStopAtLevel=1", "-Dspark.master=local[2]", "-Dspark.ui.enabled=false", "-Dspark.sql.shuffle.partitions=2",
        "-Dspark.driver.bindAddress=127.0.0.1", "-Dspark.driver.host=127.0.0.1", "-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private Process forecasts() throws IOException {
    return spark("app.Forecasts", MODEL.toString(), at("readings"), at("forecasts"), at("checkpoint"));
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private void end(Process process) throws Exception {
    assertTrue(process.waitFor(300, TimeUnit.SECONDS), "it does not end");
    assertEquals(0, process.exitValue(), () -> log());
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private int committed() throws IOException {
    Path commits = folder.resolve("checkpoint/commits");
    if (!Files.exists(commits)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(commits)) {
      return (int) files.filter(file -> file.getFileName().toString().matches("\\d+")).count();
    }
  }

  @Test
  void aQueryThatIsKilledGoesOnToTheBit() throws Exception {
    readings();
    Process first = forecasts();
    try {
      while (first.isAlive() && committed() < BEFORE_THE_KILL) {
        Thread.sleep(20);
      }
    } finally {
      first.destroyForcibly().waitFor();
    }
    int done = committed();
    assertTrue(done >= BEFORE_THE_KILL && done < BATCHES, () -> done + " micro-batches were done when it was killed\n" + log());
    end(forecasts());
    end(spark("app.Printed", at("forecasts"), at("printed")));
    Map<String, Integer> found = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("printed"))) {
      String[] parts = line.split(": ");
      assertEquals(null, found.put(parts[0], Integer.valueOf(parts[1])), line);
    }
    assertEquals(expected(false), found);
    assertFalse(expected(true).equals(found), "a state that is lost would not be noticed");
  }
}
