package dev.rill.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the fuzzers, each in a process of its own, and says how often and what they found; the exit status is 1 if it was
 * anything. Arguments: seconds in all, then names of fuzzers, all by default. With {@code keep} instead of seconds it keeps the
 * inputs that are worth it, those of the last runs and those before, in {@code testdata/fuzz}.
 *
 * <p>What a fuzzer adds, and the input of a find, stays in {@code target/fuzz}.
 */
public final class Fuzz {
  private static final List<String> FUZZERS = List.of("Zip", "Json", "Hdf5", "State", "Checkpoint", "Configuration",
      "ModelFile", "Network");
  private static final Pattern EXECUTIONS = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
  private static final String BEGUN = "INITED";
  private static final int NOT_ENDED = -1;
  private static final String FIND = "== Java Exception";
  private static final int FIND_LENGTH = 3000;
  /** To start, to read the corpus and to end, on a busy machine. */
  private static final int GRACE_SECONDS = 120;
  private static final int MERGE_SECONDS = 3600;
  private static final Path TARGET = Path.of("target", "fuzz");

  private Fuzz() {}

  /** See above. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> names = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : FUZZERS;
    if (arguments[0].equals("keep")) {
      for (String name : names) {
        keep(name);
      }
      return;
    }
    int seconds = Math.max(1, Integer.parseInt(arguments[0]) / names.size());
    long executions = 0;
    int finds = 0;
    for (String name : names) {
      Path folder = Files.createDirectories(TARGET.resolve(name));
      Corpus.unpack(name, folder);
      Path log = TARGET.resolve(name + ".log");
      int status = NOT_ENDED;
      String output = "";
      // Once in a while Jazzer hangs before it has begun.
      for (int tries = 0; tries < 2 && status == NOT_ENDED && !output.contains(BEGUN); tries++) {
        status = run(log, seconds, name, "-max_total_time=" + seconds, folder.toString());
        output = Files.readString(log, StandardCharsets.ISO_8859_1);
      }
      Matcher matcher = EXECUTIONS.matcher(output);
      long own = matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
      boolean fine = status == 0 && own > 0;
      System.out.println(name + ": " + own + " executions, " + (fine ? "nothing found"
          : (status == NOT_ENDED ? "not ended" : status == 0 ? "nothing run" : "a find") + ", see " + log));
      executions += own;
      if (!fine) {
        finds++;
        int at = output.indexOf(FIND);
        at = at < 0 ? Math.max(0, output.length() - FIND_LENGTH) : at;
        System.out.println(output.substring(at, Math.min(output.length(), at + FIND_LENGTH)));
      }
    }
    System.out.println(executions + " executions, " + finds + " finds");
    System.exit(finds == 0 ? 0 : 1);
  }

  private static void keep(String name) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(TARGET.resolve(name));
    Corpus.unpack(name, folder);
    Path kept = Files.createTempDirectory(name);
    int status = run(TARGET.resolve(name + ".log"), MERGE_SECONDS, name, "-merge=1", kept.toString(), folder.toString());
    if (status != 0) {
      throw new IOException("the inputs of " + name + " cannot be merged, see " + TARGET.resolve(name + ".log"));
    }
    Corpus.pack(name, kept);
    System.out.println(name + ": kept in " + kept);
  }

  /** Returns the status of the process, or {@link #NOT_ENDED} long after it should have ended. */
  private static int run(Path log, int seconds, String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    command.addAll(List.of("-Xmx512m", "-Xss1m", "--add-modules", "jdk.incubator.vector", "-Drill.warmup=off",
        "-XX:+EnableDynamicAgentLoading"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
        "--target_class=dev.rill.fuzz." + name + "Fuzzer", "--instrumentation_includes=dev.rill.**",
        // Of no use to the search; and vectors that are counted are no longer compiled.
        "--instrumentation_excludes=dev.rill.fuzz.**:dev.rill.kernels.**", "--custom_hook_includes=none",
        "--reproducer_path=" + TARGET, "-artifact_prefix=" + TARGET + "/" + name + "-"));
    command.addAll(List.of("-max_len=400", "-len_control=0", "-timeout=100", "-rss_limit_mb=4096", "-print_final_stats=1"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      return NOT_ENDED;
    } finally {
      process.destroyForcibly();
    }
  }
}
