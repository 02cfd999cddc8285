package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flight recorder need not be there, and nothing of it is loaded unless it records. */
class WithoutRecorderTest {
  private static String run(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), WithoutRecorderTest.class.getName()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), output);
    return output;
  }

  public static void main(String[] arguments) {
    try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(Streams.network(1)).build()) {
      batcher.submit("a", new float[Streams.IN]).join();
      batcher.end("a").join();
      System.out.println("served " + batcher.stats().requests() + " "
          + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    }
  }

  @Test
  void streamsAreServedWithoutTheModule() throws Exception {
    String output = run("--limit-modules", "java.base,java.logging");
    assertTrue(output.contains("served 1 false"), output);
  }

  @Test
  void noEventIsLoadedUnlessSomebodyRecords() throws Exception {
    String output = run("-Xlog:class+load");
    String events = String.join("\n", output.lines().filter(line -> line.matches(".*(served|rill.events|jdk.jfr).*")).toList());
    assertTrue(events.contains("served 1 true") && events.contains("dev.rill.events.Events "), events);
    assertFalse(events.contains("dev.rill.events.EventTypes") || events.contains("jdk.jfr.Event "), events);
  }
}
