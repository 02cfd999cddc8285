package dev.rill.micrometer;

import dev.rill.Network;
import dev.rill.serving.RejectedException;
import dev.rill.serving.SequenceBatcher;
import dev.rill.serving.ServingStats;
import dev.rill.serving.WhenFull;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Batchers to which everything has happened that is counted. */
final class Served {
  static final Path MODEL = Path.of("..", "..", "..", "src", "docs", "example", "model.keras");

  /** What fails here fails on purpose. */
  private static final Logger QUIET = Logger.getLogger("dev.rill.serving");

  static {
    QUIET.setLevel(Level.OFF);
  }

  private Served() {}

  static SequenceBatcher<Integer> batcher() throws IOException {
    return SequenceBatcher.<Integer>builder(Network.load(MODEL)).shards(2).maxStreams(20).queue(64, WhenFull.BLOCK).build();
  }

  /** Completions and evictions that throw, more streams than there is room for, requests that come too late or after the end. */
  static SequenceBatcher<Integer> closed() throws IOException {
    SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(Network.load(MODEL)).maxStreams(20).timeout(Duration.ofMillis(2))
        .idle(Duration.ofMillis(1), (key, state, length) -> {
          if (key == 0) {
            throw new IllegalStateException("stays");
          }
        }).build();
    ServingStats stats = batcher.stats();
    while (stats.failures() == 0 || stats.failedEvictions() == 0 || stats.evictions() == 0 || stats.late() == 0) {
      // What comes next waits for longer than it may.
      batcher.submit(0, new float[3], new float[1], (key, z, weights, failure) -> {
        LockSupport.parkNanos(10_000_000);
        throw new IllegalStateException("on purpose");
      });
      step(batcher, 200);
      stats = batcher.stats();
    }
    batcher.close();
    try {
      batcher.submit(7, new float[3]).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof RejectedException)) {
        throw e;
      }
    }
    return batcher;
  }

  static void step(SequenceBatcher<Integer> batcher, int steps) {
    Random random = new Random(steps);
    float[] y = new float[1];
    for (int i = 0; i < steps; i++) {
      float[] x = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      try {
        batcher.step(random.nextInt(100), x, y);
      } catch (RillException e) {
        // There is no room for another stream, or it waited too long: counted.
      }
    }
  }
}
