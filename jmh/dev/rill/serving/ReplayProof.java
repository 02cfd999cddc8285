package dev.rill.serving;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * Many threads submit the steps of many streams; each stream's outputs, hashed in the order of their completions, are to be those of
 * the stream replayed alone, to the bit.
 *
 * <pre>ReplayProof threads keys submits shards      the whole: 64 100000 10000000 2</pre>
 */
public final class ReplayProof {
  private static final int IN = 4;
  private static final int UNITS = 16;

  private ReplayProof() {}

  public static void main(String[] arguments) throws InterruptedException {
    int threads = Integer.parseInt(arguments[0]);
    int keys = Integer.parseInt(arguments[1]);
    int steps = Integer.parseInt(arguments[2]) / keys;
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(UNITS));
    model.initialize(1);
    Network network = model.freeze();
    int[] hashes = new int[keys];
    CountDownLatch failed = new CountDownLatch(1);
    Completion<Integer> hash = (key, y, weights, failure) -> {
      if (failure != null) {
        failed.countDown();
      }
      hashes[key] = hash(hashes[key], y);
    };
    long begin = System.nanoTime();
    ServingStats stats;
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(network).shards(Integer.parseInt(arguments[3]))
        .maxStreams(keys).queue(4096, WhenFull.BLOCK).build()) {
      Thread[] submitting = new Thread[threads];
      for (int t = 0; t < threads; t++) {
        int first = t;
        submitting[t] = new Thread(() -> submit(batcher, first, threads, keys, steps, hash));
        submitting[t].start();
      }
      for (Thread thread : submitting) {
        thread.join();
      }
      batcher.close();
      stats = batcher.stats();
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    int differing = 0;
    float[] x = new float[IN];
    float[] y = new float[UNITS];
    Session session = network.session(1);
    for (int key = 0; key < keys; key++) {
      session.reset();
      int expected = 0;
      for (int step = 0; step < steps; step++) {
        input(key, step, x);
        session.step(x, y);
        expected = hash(expected, y);
      }
      differing += expected == hashes[key] ? 0 : 1;
    }
    System.out.printf(Locale.ROOT, "%s: %d submits of %d threads over %d keys in %.1f s, %.0f a second; rows of a batch: %s%n",
        network.describe(), stats.requests(), threads, keys, seconds, stats.requests() / seconds, stats.batchRows());
    System.out.println("streams that differ from their replay: " + differing + ", failures: " + (1 - failed.getCount()));
    if (differing > 0 || failed.getCount() == 0 || stats.requests() != (long) keys * steps) {
      throw new AssertionError("the proof has failed");
    }
  }

  /** Outputs go to an array of the key's thread: the next step of the key is submitted when a round of all others is. */
  private static void submit(SequenceBatcher<Integer> batcher, int first, int threads, int keys, int steps, Completion<Integer> hash) {
    float[] x = new float[IN];
    for (int step = 0; step < steps; step++) {
      for (int key = first; key < keys; key += threads) {
        input(key, step, x);
        batcher.submit(key, x, new float[UNITS], hash);
      }
    }
  }

  private static void input(int key, int step, float[] x) {
    for (int j = 0; j < IN; j++) {
      int mixed = (key * 31 + step) * 0x9e3779b9 + j * 0x85ebca6b;
      x[j] = (mixed ^ mixed >>> 15) * 0x1p-31f;
    }
  }

  private static int hash(int hash, float[] y) {
    int next = hash;
    for (float value : y) {
      next = 31 * next + Float.floatToIntBits(value);
    }
    return next;
  }
}
