package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Jvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flight recorder need not be there, and nothing of it is loaded unless it records. */
class WithoutRecorderTest {
  private static String run(String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-cp", Jvm.CLASS_PATH, WithoutRecorderTest.class.getName()));
    return Jvm.run(arguments);
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
  void streamsAreServedWithoutTheModule() {
    String output = run("--limit-modules", "java.base,java.logging");
    assertTrue(output.contains("served 1 false"), output);
  }

  @Test
  void noEventIsLoadedUnlessSomebodyRecords() {
    String output = run("-Xlog:class+load");
    String events = String.join("\n", output.lines().filter(line -> line.matches(".*(served|rill.events|jdk.jfr).*")).toList());
    assertTrue(events.contains("served 1 true") && events.contains("dev.rill.events.Events "), events);
    assertFalse(events.contains("dev.rill.events.EventTypes") || events.contains("jdk.jfr.Event "), events);
  }
}
