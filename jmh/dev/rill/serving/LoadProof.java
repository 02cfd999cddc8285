package dev.rill.serving;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Latencies and rates of one shard under loads that come by the clock, whether it keeps up or not: each latency counts from the
 * moment at which the request was due.
 *
 * <pre>LoadProof inputs units seconds</pre>
 */
public final class LoadProof {
  private static final int KEYS = 10_000;
  private static final int BATCH = 32;

  private final Network network;
  private final int in;
  private final int out;
  private final long nanos;
  private final Long[] keys = new Long[KEYS];
  private final float[] x;

  private LoadProof(int in, int units, double seconds) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, in), new LSTM(units));
    model.initialize(1);
    network = model.freeze();
    System.out.println(network.warmUp(Duration.ofSeconds(20)));
    this.in = in;
    out = units;
    nanos = (long) (seconds * 1e9);
    x = new float[in];
    Arrays.fill(x, 0.3f);
    Arrays.setAll(keys, i -> (long) i);
  }

  public static void main(String[] arguments) throws Exception {
    new LoadProof(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Double.parseDouble(arguments[2])).run();
  }

  private void run() throws Exception {
    double direct = direct();
    double capacity = closed();
    for (int i = 0; i < 2; i++) {
      direct = Math.max(direct, direct());
      capacity = Math.max(capacity, closed());
    }
    System.out.printf(Locale.ROOT, "throughput: %.0f rows/s by submit, %.0f by session.step(rows, 32): %.2f; three batches: %.0f us%n",
        capacity, direct, capacity / direct, 3e6 * BATCH / direct);
    idle();
    for (int i = 0; i < 6; i++) {
      open("70 %", 0.7 * capacity, 0, 1, null);
      open("70 %, maxDelay 20 ms", 0.7 * capacity, Duration.ofMillis(20), 0, 1, null);
      least(0.7 * capacity);
    }
    open("70 %, half on one key", 0.7 * capacity, 0.5, 1, null);
    Path file = Files.createTempFile("rill", ".streams");
    open("50 % in bursts", 0.5 * capacity, 0, BATCH, null);
    open("50 % in bursts, snapshots all the time", 0.5 * capacity, 0, BATCH, file);
    Files.delete(file);
    overload(capacity);
  }

  /** Rows a second of a session that steps 32 of its rows at a time, in no order. */
  private double direct() {
    Session session = network.session(KEYS);
    int[] rows = new int[BATCH];
    float[] packedX = new float[BATCH * in];
    float[] packedY = new float[BATCH * out];
    long count = 0;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < nanos) {
      for (int i = 0; i < BATCH; i++) {
        rows[i] = (int) ((count + i) * 7919 % KEYS);
      }
      session.step(rows, BATCH, packedX, packedY);
      count += BATCH;
    }
    return count * 1e9 / (System.nanoTime() - begin);
  }

  /** Rows a second if there is always enough to do. */
  private double closed() {
    try (SequenceBatcher<Long> batcher = SequenceBatcher.<Long>builder(network).maxStreams(KEYS).maxBatch(BATCH)
        .queue(1024, WhenFull.BLOCK).build()) {
      float[] y = new float[out];
      long begin = System.nanoTime();
      for (long count = 0; System.nanoTime() - begin < nanos; count++) {
        batcher.submit(keys[(int) (count * 7919 % KEYS)], x, y, (k, z, w, f) -> {});
      }
      batcher.close();
      return batcher.stats().requests() * 1e9 / (System.nanoTime() - begin);
    }
  }

  /** A request every millisecond, and a step of a session at the same pace. */
  private void idle() {
    HistogramRecorder step = new HistogramRecorder();
    HistogramRecorder waited = new HistogramRecorder();
    HistogramRecorder worker = new HistogramRecorder();
    Session session = network.session(1);
    float[] y = new float[out];
    long[] due = new long[1];
    Completion<Long> doneByWorker = (k, z, w, f) -> worker.record(System.nanoTime() - due[0]);
    try (SequenceBatcher<Long> batcher = SequenceBatcher.<Long>builder(network).maxStreams(KEYS).build();
        SequenceBatcher<Long> other = SequenceBatcher.<Long>builder(network).maxStreams(KEYS).build()) {
      for (int i = 0; i < nanos / 3_000_000; i++) {
        LockSupport.parkNanos(1_000_000);
        long begin = System.nanoTime();
        session.step(x, y);
        step.record(System.nanoTime() - begin);
        LockSupport.parkNanos(1_000_000);
        due[0] = System.nanoTime();
        batcher.step(keys[1], x, y);
        waited.record(System.nanoTime() - due[0]);
        LockSupport.parkNanos(1_000_000);
        due[0] = System.nanoTime();
        other.submit(keys[1], x, y, doneByWorker);
      }
    }
    System.out.println("idle, a step of a session:   " + step.read());
    System.out.println("idle, a step of a batcher:   " + waited.read());
    System.out.println("idle, a submit, by a worker: " + worker.read());
  }

  private SequenceBatcher<Long> opened(Duration maxDelay) {
    SequenceBatcher<Long> batcher = SequenceBatcher.<Long>builder(network).maxStreams(KEYS).maxBatch(BATCH)
        .queue(4096, WhenFull.REJECT).maxDelay(maxDelay).build();
    for (int i = 0; i < KEYS; i += BATCH) {
      for (int k = i; k < Math.min(i + BATCH, KEYS); k++) {
        batcher.submit(keys[k], x, new float[out], (key, y, weights, failure) -> {
          if (failure != null) {
            throw failure;
          }
        });
      }
      while (batcher.stats().pending() > 0) {
        Thread.onSpinWait();
      }
    }
    return batcher;
  }

  private void open(String what, double rate, double hot, int burst, Path snapshots) throws InterruptedException, IOException {
    open(what, rate, Duration.ZERO, hot, burst, snapshots);
  }

  private void open(String what, double rate, Duration maxDelay, double hot, int burst, Path snapshots)
      throws InterruptedException, IOException {
    try (SequenceBatcher<Long> batcher = opened(maxDelay)) {
      AtomicBoolean done = new AtomicBoolean();
      int[] taken = new int[1];
      Thread writer = new Thread(() -> {
        try {
          for (; !done.get(); taken[0]++) {
            batcher.snapshot(snapshots, KeyCodec.LONGS, null);
          }
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
      if (snapshots != null) {
        // Compiled before it counts.
        for (int i = 0; i < 50; i++) {
          batcher.snapshot(snapshots, KeyCodec.LONGS, null);
        }
        writer.start();
      }
      report(batcher, what, rate, load(batcher, rate, hot, burst, nanos));
      done.set(true);
      if (snapshots != null) {
        writer.join();
        System.out.println("snapshots: " + taken[0]);
      }
    }
  }

  /**
   * The same load as at 70 %, on the least that can serve it: a ring, and one thread that never sleeps and steps what waits. Beside
   * it is seen how much of a p99.9 is the machine's.
   */
  private void least(double rate) throws InterruptedException {
    Flight[] ring = new Flight[1 << 14];
    AtomicLong submitted = new AtomicLong();
    AtomicLong answered = new AtomicLong();
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch ready = new CountDownLatch(1);
    Thread worker = new Thread(() -> {
      Session session = network.session(KEYS);
      int[] rows = new int[BATCH];
      float[] packedX = new float[BATCH * in];
      float[] packedY = new float[BATCH * out];
      // All rows and their pages before it counts, as with the batcher.
      for (int first = 0; first < 3 * KEYS; first += BATCH) {
        for (int i = 0; i < BATCH; i++) {
          rows[i] = (first + i) % KEYS;
        }
        session.step(rows, BATCH, packedX, packedY);
      }
      ready.countDown();
      for (long first = 0; !done.get() || first < submitted.get();) {
        int n = (int) Math.min(BATCH, submitted.get() - first);
        if (n == 0) {
          Thread.onSpinWait();
          continue;
        }
        for (int i = 0; i < n; i++) {
          rows[i] = (int) ((first + i) * 7919 % KEYS);
          System.arraycopy(x, 0, packedX, i * in, in);
        }
        session.step(rows, n, packedX, packedY);
        for (int i = 0; i < n; i++) {
          Flight flight = ring[(int) (first + i) & ring.length - 1];
          System.arraycopy(packedY, i * out, flight.y, 0, out);
          flight.done(null, flight.y, 0, null);
        }
        first += n;
        answered.set(first);
      }
    });
    worker.start();
    ready.await();
    HistogramRecorder latencies = load(rate, 1, nanos, (i, due, flight) -> {
      while (i - answered.get() >= ring.length) {
        Thread.onSpinWait();
      }
      flight.due = due;
      ring[(int) i & ring.length - 1] = flight;
      submitted.set(i + 1);
    });
    done.set(true);
    worker.join();
    System.out.println("the least that can serve it: us " + micros(latencies.read()));
  }

  private static void report(SequenceBatcher<Long> batcher, String what, double rate, Histogram latencies) {
    ServingStats stats = batcher.stats();
    System.out.printf(Locale.ROOT, "%s (%.0f/s): us %s; rows of a batch %.1f; compute p50 %d us; rejected %d%n", what, rate,
        micros(latencies), stats.batchRows().mean(), stats.computeNanos().percentile(50) / 1000, stats.rejected());
  }

  private static String micros(Histogram h) {
    return String.format(Locale.ROOT, "p50 %.0f p99 %.0f p99.9 %.0f max %.0f", h.percentile(50) * 1e-3, h.percentile(99) * 1e-3,
        h.percentile(99.9) * 1e-3, h.max() * 1e-3);
  }

  private Histogram load(SequenceBatcher<Long> batcher, double rate, double hot, int burst, long length) {
    HistogramRecorder latencies = load(rate, burst, length, (i, due, flight) -> {
      boolean onHot = hot > 0 && i % 2 == 0;
      flight.due = due;
      flight.counts = !onHot;
      batcher.submit(onHot ? keys[0] : keys[1 + (int) (i * 7919 % (KEYS - 1))], x, flight.y, flight);
    });
    while (batcher.stats().pending() > 0) {
      Thread.onSpinWait();
    }
    return latencies.read();
  }

  /**
   * Submits by the clock, one or some at a time, so that the processor is free between them; returns where the latencies of those that do
   * not go to the hot key are recorded, which those under way still have to be.
   */
  private HistogramRecorder load(double rate, int burst, long length, Service service) {
    HistogramRecorder latencies = new HistogramRecorder();
    Flight[] all = new Flight[1 << 14];
    Arrays.setAll(all, i -> new Flight(latencies, out));
    long begin = System.nanoTime();
    double gap = 1e9 / rate;
    for (long i = 0; i * gap < length; i++) {
      long due = begin + (long) (i / burst * burst * gap);
      while (System.nanoTime() < due) {
        if (due - System.nanoTime() > 100_000) {
          LockSupport.parkNanos(due - System.nanoTime());
        } else {
          Thread.onSpinWait();
        }
      }
      Flight flight = all[(int) i & all.length - 1];
      service.submit(i, due, flight);
    }
    return latencies;
  }

  private interface Service {
    void submit(long i, long due, Flight flight);
  }

  private static final class Flight implements Completion<Long> {
    private final HistogramRecorder latencies;
    private final float[] y;
    private long due;
    private boolean counts = true;

    Flight(HistogramRecorder latencies, int out) {
      this.latencies = latencies;
      y = new float[out];
    }

    @Override
    public void done(Long key, float[] result, int weights, RuntimeException failure) {
      if (counts && failure == null) {
        latencies.record(System.nanoTime() - due);
      }
    }
  }

  /** Half of what can be carried out, then twice of it, then half again, of which the first second does not count. */
  private void overload(double capacity) {
    Runtime runtime = Runtime.getRuntime();
    try (SequenceBatcher<Long> batcher = opened(Duration.ZERO)) {
      report(batcher, "before overload", 0.5 * capacity, load(batcher, 0.5 * capacity, 0, 1, nanos));
      System.gc();
      long before = runtime.totalMemory() - runtime.freeMemory();
      report(batcher, "overload, 200 %", 2 * capacity, load(batcher, 2 * capacity, 0, 1, nanos));
      System.gc();
      System.out.printf(Locale.ROOT, "heap after it: %+.1f MB%n", (runtime.totalMemory() - runtime.freeMemory() - before) / 1e6);
      load(batcher, 0.5 * capacity, 0, 1, 1_000_000_000);
      report(batcher, "after overload", 0.5 * capacity, load(batcher, 0.5 * capacity, 0, 1, nanos));
    }
  }
}
