package dev.rill.serving;

import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that writes snapshots one after the other is killed (kill −9) at some moment, again and again: what is in place then is
 * always a whole snapshot, in which all streams are equally old.
 *
 * <pre>KilledSnapshot times</pre>
 */
public final class KilledSnapshot {
  private static final int STREAMS = 2000;
  private static final int UNITS = 64;

  private KilledSnapshot() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 2) {
      write(Path.of(arguments[1]));
      return;
    }
    int times = Integer.parseInt(arguments[0]);
    Path folder = Files.createTempDirectory("rill");
    Path file = folder.resolve("streams");
    long newer = 0;
    double last = -1;
    for (int i = 0; i < times; i++) {
      Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
          "-Drill.kernels=scalar", "-cp", System.getProperty("java.class.path"), KilledSnapshot.class.getName(), "write",
          file.toString()).inheritIO().start();
      child.waitFor(400 + 37L * i % 300, TimeUnit.MILLISECONDS);
      child.destroyForcibly().waitFor();
      if (Files.exists(file)) {
        double steps = read(file);
        newer += steps == last ? 0 : 1;
        last = steps;
      }
    }
    System.out.println(times + " times killed, " + newer + " times a newer snapshot, each whole");
    for (Path left : Files.list(folder).toList()) {
      Files.delete(left);
    }
    Files.delete(folder);
  }

  private static StreamPool<Long> pool() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new LSTM(UNITS));
    model.initialize(1);
    return StreamPool.of(model.freeze(), STREAMS);
  }

  private static void write(Path file) throws IOException {
    StreamPool<Long> pool = pool();
    if (Files.exists(file)) {
      pool.restore(List.of(file), KeyCodec.LONGS, Carry.REFUSE);
    }
    float[] y = new float[UNITS];
    while (true) {
      for (long key = 0; key < STREAMS; key++) {
        pool.step(key, new float[] {0.25f}, y);
      }
      pool.snapshot(file, KeyCodec.LONGS, null);
    }
  }

  /** All streams have read the same inputs: their states are equal. Returns one number of them. */
  private static double read(Path file) throws IOException {
    StreamPool<Long> pool = pool();
    long streams = pool.restore(List.of(file), KeyCodec.LONGS, Carry.REFUSE);
    float first = pool.state(0L).values(1)[0];
    for (long key = 0; key < STREAMS; key++) {
      if (pool.state(key).values(1)[0] != first) {
        throw new AssertionError("stream " + key + " is older than others");
      }
    }
    if (streams != STREAMS) {
      throw new AssertionError(streams + " streams");
    }
    return first;
  }
}
