package dev.rill.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, which ends with this one at the latest. Its standard input is a pipe, its output a file. */
final class Child implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final Thread hook;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a main class of this class path. */
  static Child start(Path log, List<String> options, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(options);
    command.add(main);
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Child(process, log);
  }

  /** Kills it, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    waitFor();
  }

  /** Lets it end by itself, as {@code kill} does; its hooks run. */
  void stop() {
    process.destroy();
    waitFor();
  }

  private void waitFor() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end:\n" + output());
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // Then there is nothing to be taken back.
    }
  }

  /** Waits until it ends; its exit value. */
  int result(int seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      kill();
      throw new AssertionError("not done after " + seconds + " s:\n" + output());
    }
    waitFor();
    return process.exitValue();
  }

  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  String output() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "no output: " + e;
    }
  }

  /** Waits for a whole line that begins so; gives its rest. */
  String await(String beginning) throws InterruptedException {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120); System.nanoTime() < end; Thread.sleep(20)) {
      String output = output();
      int at = ("\n" + output).indexOf("\n" + beginning);
      if (at >= 0 && output.indexOf('\n', at) >= 0) {
        return output.substring(at + beginning.length(), output.indexOf('\n', at)).strip();
      }
      if (!process.isAlive()) {
        break;
      }
    }
    throw new AssertionError("'" + beginning + "' did not come:\n" + output());
  }

  @Override
  public void close() {
    kill();
  }
}
