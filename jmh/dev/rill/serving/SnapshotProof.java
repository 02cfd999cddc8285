package dev.rill.serving;

import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How long it takes to write many streams down, and to read them.
 *
 * <pre>SnapshotProof streams units folder</pre>
 */
public final class SnapshotProof {
  private static final int ROUNDS = 5;
  private static final int CHANGED = 100;

  private SnapshotProof() {}

  public static void main(String[] arguments) throws IOException {
    int streams = Integer.parseInt(arguments[0]);
    int units = Integer.parseInt(arguments[1]);
    Path all = Path.of(arguments[2], "all.streams");
    Path more = Path.of(arguments[2], "more.streams");
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new LSTM(units));
    model.initialize(1);
    StreamPool<Long> pool = StreamPool.of(model.freeze(), streams);
    float[] y = new float[units];
    for (long key = 0; key < streams; key++) {
      pool.step(key, new float[] {key % 7}, y);
    }
    for (int round = 0; round < ROUNDS; round++) {
      Snapshot snapshot = pool.snapshot(all, KeyCodec.LONGS, null);
      print("everything", snapshot.streams(), snapshot.bytes(), snapshot.elapsed().toNanos());
      for (long key = 0; key < streams; key += CHANGED) {
        pool.step(key, new float[] {1}, y);
      }
      Snapshot changed = pool.snapshot(more, KeyCodec.LONGS, snapshot.mark());
      print("one in a hundred", changed.streams(), changed.bytes(), changed.elapsed().toNanos());
      long begin = System.nanoTime();
      long restored = pool.restore(List.of(all), KeyCodec.LONGS, Carry.REFUSE);
      print("read", restored, snapshot.bytes(), System.nanoTime() - begin);
    }
    Files.delete(all);
    Files.delete(more);
  }

  private static void print(String what, long streams, long bytes, long nanos) {
    System.out.printf(Locale.ROOT, "%s: %d streams, %.1f MB in %.0f ms, %.0f MB/s%n", what, streams, bytes / 1e6, nanos / 1e6,
        bytes * 1e3 / nanos);
  }
}
