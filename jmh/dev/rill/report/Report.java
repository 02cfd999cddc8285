package dev.rill.report;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns what JMH wrote into Markdown on standard output: {@code Report RESULTS.json... [FOLDER-FOR-PLOTS]}. */
public final class Report {
  private Report() {}

  public static void main(String[] arguments) throws IOException {
    List<String> files = Arrays.stream(arguments).filter(argument -> argument.endsWith(".json")).toList();
    Results results = Results.read(files.stream().map(Path::of).toList());
    boolean scale = files.size() < arguments.length;
    System.out.println(machine() + ", " + results.java() + ". A figure is the "
        + (scale ? "best of all iterations: what else goes on on the machine only adds to it." : "median of all iterations."));
    if (scale) {
      System.out.print(new Scale(results, Path.of(arguments[files.size()]), machine()).write());
    }
    tail(results);
    cold(results);
    load(results, "load", "");
    load(results, "loadWhileCompiling", " while SIMD is being compiled");
  }

  /** Processor and system, as far as the system tells. */
  private static String machine() throws IOException {
    String processor = System.getProperty("os.arch");
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      processor = Files.readAllLines(info).stream().filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse(processor);
    }
    return processor + ", " + Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name");
  }

  private static void tail(Results results) {
    List<JsonObject> steps = results.of("TailBenchmark.step", Map.of());
    if (steps.isEmpty()) {
      return;
    }
    System.out.println("\n| | p50, ns | p99.9 / p50, median over windows of a second | least | greatest |\n|---|---|---|---|---|");
    for (JsonObject one : steps) {
      tail(Results.parameter(one, "layer") + " " + Results.parameter(one, "size"), one);
    }
    for (JsonObject one : results.of("TailBenchmark.clock", Map.of())) {
      tail("the clock alone, " + Results.parameter(one, "readings") + " times", one);
    }
  }

  private static void tail(String name, JsonObject result) {
    List<JsonArray> windows = Results.windows(result);
    double[] p50 = windows.stream().mapToDouble(window -> Results.percentile(window, 0.5)).toArray();
    double[] ratios = windows.stream()
        .mapToDouble(window -> Results.percentile(window, 0.999) / Results.percentile(window, 0.5)).sorted().toArray();
    System.out.printf(Locale.ROOT, "| %s | %.0f | %.2f | %.2f | %.2f |%n", name, Results.median(p50), Results.median(ratios),
        ratios[0], ratios[ratios.length - 1]);
  }

  private static void cold(Results results) {
    List<JsonObject> all = results.of("ColdBenchmark.auto", Map.of());
    if (all.isEmpty()) {
      return;
    }
    System.out.println("\n| first steps, ms | auto | scalar alone | SIMD alone | auto / scalar | auto / SIMD |\n|---|---|---|---|---|---|");
    for (JsonObject one : all) {
      String steps = Results.parameter(one, "steps");
      double auto = Results.median(one);
      double scalar = median(results, "ColdBenchmark.scalar", steps);
      double simd = median(results, "ColdBenchmark.simd", steps);
      System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %.1f | %.2f | %.2f |%n", steps, auto, scalar, simd, auto / scalar,
          auto / simd);
    }
  }

  private static double median(Results results, String method, String steps) {
    return results.of(method, Map.of("steps", steps)).stream().mapToDouble(Results::median).findFirst().orElse(Double.NaN);
  }

  private static void load(Results results, String method, String when) {
    for (JsonObject one : results.of("LoadBenchmark." + method, Map.of())) {
      double millis = Results.median(one);
      double megabytes = Results.counter(one, "kilobytes") / 1000;
      System.out.printf(Locale.ROOT, "%nThird load of %.1f MB%s: %.0f ms, %.0f MB/s.%n", megabytes, when, millis,
          1000 * megabytes / millis);
    }
  }
}
