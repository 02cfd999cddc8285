package dev.rill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The switch from scalar to SIMD kernels while a stream runs, in a JVM of its own. */
@EnabledIfSystemProperty(named = "rill.kernels", matches = "auto")
class KernelWarmUpTest {
  private static final long PATIENCE_SECONDS = 60;

  @Test
  void aStreamKeepsItsBitsAndNoKernelIsDeoptimisedAfterwards() {
    String output = Jvm.run(List.of("--add-modules", "jdk.incubator.vector", "-Drill.kernels=auto", "-cp", Jvm.CLASS_PATH,
        KernelWarmUpTest.class.getName()));
    assertTrue(output.contains("at first: simd"), output);
    assertTrue(output.contains("for single rows, else scalar (auto; compiling)"), output);
    assertTrue(output.contains("bit (auto; ready), bits equal: true"), output);
    assertTrue(output.contains("deoptimised: []"), output);
    assertTrue(output.contains("too large for a compiler: []"), output);
  }

  /** Streams until well after the switch, then the same again, and then calls of all kinds. */
  public static void main(String[] arguments) throws IOException {
    Path file = Files.createTempFile("rill", ".jfr");
    Instant switched;
    try (Recording recording = new Recording()) {
      recording.enable("jdk.Deoptimization");
      recording.enable("jdk.CompilationFailure");
      // Before all else: starting a recording throws away whatever is compiled by then.
      recording.start();
      Network network = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(21).returnSequences(true), new GRU(18),
          new Dense(5).activation("softmax")).freeze();
      Stream across = new Stream(network);
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS / 2);
      while (!network.describe().startsWith("simd") && System.nanoTime() < patience) {
        across.steps(256);
      }
      System.out.println("at first: " + network.describe());
      // On a busy machine the thread takes longer than that; this finishes its work.
      network.warmUp(Duration.ofSeconds(PATIENCE_SECONDS / 3));
      switched = Instant.now();
      across.steps(4096);
      Stream after = new Stream(network);
      after.steps(across.steps);
      System.out.println(network.describe() + ", bits equal: " + (after.hash == across.hash));
      callsOfAllKinds(network);
      recording.stop();
      recording.dump(file);
    }
    List<String> kernels = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      // A method that the first compiler gives up stays interpreted until the second has come to it: a hundred times slower.
      if (event.hasField("failureMessage") && event.getString("failureMessage").startsWith("out of ")) {
        failures.add(event.getString("failureMessage"));
      }
      if (!event.hasField("method")) {
        continue;
      }
      RecordedMethod method = event.getValue("method");
      String type = method == null ? "" : method.getType().getName();
      boolean kernel = type.startsWith("dev.rill.kernels.Vector") || type.startsWith("jdk.incubator.vector");
      if (kernel && event.getStartTime().isAfter(switched)) {
        kernels.add(type + "." + method.getName() + " " + event.getString("reason") + " line "
            + event.getInt("lineNumber"));
      }
    }
    Files.delete(file);
    System.out.println("deoptimised: " + kernels);
    System.out.println("too large for a compiler: " + failures);
  }

  /** No branch of a kernel depends on data, and every loop has seen every number of trips. */
  private static void callsOfAllKinds(Network network) {
    Random random = new Random(1);
    Session session = network.session(9);
    float[] y = new float[9 * 5];
    int[] rows = {8, 3, 1, 0, 2, 7, 5};
    for (int i = 0; i < 3000; i++) {
      int n = 9 * 7 * 3;
      float[] x = random.nextInt(4) == 0 ? Samples.withSpecials(i, n, 5) : Samples.floats(i, n, 4);
      session.step(rows, random.nextInt(8), x, y);
      session.run(1 + random.nextInt(7), x, y);
      if (i % 50 == 0) {
        session.reset();
      }
    }
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
