package dev.rill;

import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.kernels.KernelChoice;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.spi.ToolProvider;

/**
 * Whole processes, bar 8: one that loads LSTM 64→128 and predicts once, above {@code java -version}; and the first steps of one,
 * with and without a cache of classes (JDK 25: {@code -XX:AOTCache}; before: {@code -XX:SharedArchiveFile}). All take turns, so
 * that a busy moment is busy for all; medians. Run from the project's folder, with the jar built: {@code jmh/measure cold}.
 */
public final class Cold {
  private static final int ROUNDS = 7;
  private static final Path FOLDER = Path.of("target", "cold");
  private static final String JAR = Path.of("target", "rill.jar").toString();
  private static final String MODEL = FOLDER.resolve("model.keras").toString();
  private static final String[] VECTOR = {"--add-modules", "jdk.incubator.vector"};
  private static final boolean AOT = Runtime.version().feature() >= 25;

  /** One way to start a process, and what its runs took. */
  private static final class Way {
    final String name;
    final List<String> command = new ArrayList<>();
    final boolean steps;
    final List<double[]> runs = new ArrayList<>();

    Way(String name, boolean steps, String[]... parts) {
      this.name = name;
      this.steps = steps;
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      for (String[] part : parts) {
        command.addAll(Arrays.asList(part));
      }
    }

    /** The same with a cache that a run of this makes. */
    Way cached(int number) throws IOException, InterruptedException {
      Path cache = FOLDER.resolve("cache" + number);
      Files.deleteIfExists(cache);
      with("", (AOT ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + cache).run();
      return with(AOT ? ", AOT cache" : ", class archive", (AOT ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + cache);
    }

    private Way with(String suffix, String flag) {
      Way way = new Way(name + suffix, steps);
      way.command.add(flag);
      way.command.addAll(command.subList(1, command.size()));
      return way;
    }

    /** Milliseconds of the process and, if it prints them, of its first step and its first thousand. */
    double[] run() throws IOException, InterruptedException {
      Path out = FOLDER.resolve("out");
      long start = System.nanoTime();
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
      int status = process.waitFor();
      double whole = (System.nanoTime() - start) / 1e6;
      if (status != 0) {
        throw new IOException(command + " ended with " + status + ": " + Files.readString(out));
      }
      double[] millis = {whole, 0, 0};
      for (String line : Files.readAllLines(out)) {
        // The JVM prints too, before and after.
        if (line.matches("\\d+ \\d+")) {
          millis[1] = Long.parseLong(line.substring(0, line.indexOf(' '))) / 1e6;
          millis[2] = Long.parseLong(line.substring(line.indexOf(' ') + 1)) / 1e6;
        }
      }
      return millis;
    }

    double median(int value) {
      double[] sorted = runs.stream().mapToDouble(run -> run[value]).sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }

  private Cold() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String classes = prepare();
    String[] predict = {"predict", MODEL, FOLDER.resolve("in.npy").toString(), "-o", FOLDER.resolve("out.npy").toString()};
    Way nothing = new Way("java -version", false, new String[] {"-version"});
    List<Way> ways = new ArrayList<>(List.of(nothing));
    add(ways, new Way("predict, module path", false, new String[] {"-p", JAR, "-m", "dev.rill"}, predict), true);
    add(ways, new Way("predict, class path", false, VECTOR, new String[] {"-cp", JAR, "dev.rill.cli.Main"}, predict), true);
    add(ways, new Way("predict, class path, no vector module", false, new String[] {"-cp", JAR, "dev.rill.cli.Main"}, predict),
        true);
    String[] first = {"-cp", classes, "dev.rill.FirstSteps", MODEL};
    add(ways, new Way("steps, auto", true, VECTOR, first), true);
    add(ways, new Way("steps, scalar alone", true, new String[] {"-Drill.kernels=scalar"}, first), false);
    add(ways, new Way("steps, SIMD alone", true, VECTOR, new String[] {"-Drill.kernels=" + 32 * KernelChoice.lanes()}, first), false);
    for (int round = 0; round < ROUNDS; round++) {
      for (Way way : ways) {
        way.runs.add(way.run());
      }
    }
    System.out.println("Java " + Runtime.version() + ", LSTM 64→128, medians of " + ROUNDS + " processes in turn\n");
    System.out.println("| | process, ms | above java -version | first step | first 1000 |\n|---|---|---|---|---|");
    for (Way way : ways) {
      System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %s |%n", way.name, way.median(0), way.median(0) - nothing.median(0),
          way.steps ? String.format(Locale.ROOT, "%.1f | %.1f", way.median(1), way.median(2)) : "|");
    }
  }

  private static void add(List<Way> ways, Way way, boolean cached) throws IOException, InterruptedException {
    ways.add(way);
    if (cached) {
      ways.add(way.cached(ways.size()));
    }
  }

  /** Makes a model, an input, and a class path of jars alone: no cache takes classes from folders. */
  private static String prepare() throws IOException {
    Files.createDirectories(FOLDER);
    Sequential.of(Input.shape(Shape.UNKNOWN, 64), new LSTM(128)).save(Path.of(MODEL));
    Npy.write(FOLDER.resolve("in.npy"), NpyArray.of(Layers.data(10 * 64), 1, 10, 64));
    String jar = FOLDER.resolve("steps.jar").toString();
    ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "cf", jar, "-C",
        Path.of("target", "test-classes").toString(), "dev/rill/FirstSteps.class");
    return JAR + File.pathSeparator + jar;
  }
}
