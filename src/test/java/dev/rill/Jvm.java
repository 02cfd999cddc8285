package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVMs beside that of the tests, for what depends on how one was started. */
public final class Jvm {
  /** What starts one. */
  public static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  /** All that the tests have; where they are started with nothing but a manifest, what it stands for. */
  public static final String CLASS_PATH = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private Jvm() {}

  /** A class path of no more than where some classes come from. */
  public static String classPath(Class<?>... types) {
    List<String> places = new ArrayList<>();
    for (Class<?> type : types) {
      try {
        places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new AssertionError(e);
      }
    }
    return String.join(File.pathSeparator, places);
  }

  /** Runs one to its end, which must be a good one, and gives what it has said. */
  public static String run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(arguments);
    return run(new ProcessBuilder(command));
  }

  /** The same of one that a command starts. */
  public static String run(ProcessBuilder builder) {
    // Options from outside would reach the child as well.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    try {
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), () -> String.join(" ", builder.command()) + "\n" + output);
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
