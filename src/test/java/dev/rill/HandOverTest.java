package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The hand-over from scalar to SIMD kernels while a stream runs, in a JVM of its own. */
@EnabledIfSystemProperty(named = "rill.kernels", matches = "auto")
class HandOverTest {
  private static final long PATIENCE_SECONDS = 60;

  @Test
  void aStreamKeepsItsBitsAndNoKernelIsDeoptimisedAfterwards() throws Exception {
    Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules", "jdk.incubator.vector", "-Drill.kernels=auto", "-cp", System.getProperty("java.class.path"),
        HandOverTest.class.getName()).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), output);
    assertEquals(0, child.exitValue(), output);
    assertTrue(output.contains("bits equal: true"), output);
    assertTrue(output.contains("deoptimised: []"), output);
  }

  /** Streams until well after the hand-over, then the same again under a recording of the compiler. */
  public static void main(String[] arguments) throws IOException {
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(21).returnSequences(true), new GRU(18),
        new Dense(5).activation("softmax")).freeze();
    Stream across = new Stream(network);
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS / 10);
    while (!network.describe().startsWith("simd") && System.nanoTime() < patience) {
      across.steps(256);
    }
    // On a busy machine the thread gives up after its five seconds; this finishes its work.
    network.warmUp(Duration.ofSeconds(PATIENCE_SECONDS / 4));
    across.steps(4096);
    Path file = Files.createTempFile("rill", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.Deoptimization");
      recording.start();
      Stream after = new Stream(network);
      after.steps(across.steps);
      recording.stop();
      recording.dump(file);
      System.out.println(network.describe() + ", bits equal: " + (after.hash == across.hash));
    }
    List<String> kernels = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      RecordedMethod method = event.getValue("method");
      String type = method == null ? "" : method.getType().getName();
      if (type.startsWith("dev.rill.kernels.Vector") || type.startsWith("jdk.incubator.vector")) {
        kernels.add(type + "." + method.getName() + " " + event.getString("reason"));
      }
    }
    Files.delete(file);
    System.out.println("deoptimised: " + kernels);
  }

  /** A stream whose inputs depend on the number of the step only, and a hash of all it gave. */
  private static final class Stream {
    private final Session session;
    private final float[] x = new float[5 * 3];
    private final float[] y = new float[5 * 5];
    private int steps;
    private int hash;

    Stream(Network network) {
      session = network.session(5);
    }

    void steps(int count) {
      for (int n = 0; n < count; n++, steps++) {
        for (int i = 0; i < x.length; i++) {
          x[i] = (steps * 31 + i * 17) % 64 / 32f - 1;
        }
        session.step(x, y);
        for (float value : y) {
          hash = 31 * hash + Float.floatToIntBits(value);
        }
      }
    }
  }
}
