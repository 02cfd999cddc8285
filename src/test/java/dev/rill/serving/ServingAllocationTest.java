package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.rill.Network;
import dev.rill.Samples;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A warm step of a pool, and a warm submit, allocate 0 bytes, counted by the JVM for this thread. */
class ServingAllocationTest {
  private static final int WINDOW = 300;
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int KEYS = 50;

  private static final Network NETWORK = Streams.network(1);
  private static final Integer[] ALL = new Integer[KEYS];
  private static ThreadMXBean threads;

  @BeforeAll
  static void warm() {
    threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
    NETWORK.warmUp(Duration.ofSeconds(20));
    for (int key = 0; key < KEYS; key++) {
      ALL[key] = key;
    }
  }

  /** Some window must be free of allocation: before it the compiler may still have been at work. */
  private static void assertNothingAllocated(Runnable call) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    long least;
    int free = 0;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < WINDOW; i++) {
        call.run();
      }
      least = threads.getCurrentThreadAllocatedBytes() - before;
      free = least == 0 ? free + 1 : 0;
    } while (free < 3 && System.nanoTime() < end);
    assertEquals(0, least);
  }

  @Test
  void streamsOfAPoolComeStepAreSavedAndGo() {
    StreamPool<Integer> pool = StreamPool.<Integer>of(NETWORK, KEYS).keepInputs(3);
    Integer[] keys = {3, 9, 4, 7, 22};
    float[] x = Samples.floats(1, 5 * Streams.IN, 1);
    float[] y = new float[5 * Streams.OUT];
    byte[] bytes = new byte[pool.maxBytes()];
    assertNothingAllocated(() -> {
      pool.step(keys, 5, x, y);
      pool.step(ALL[20], x, y);
      pool.save(ALL[3], bytes, 0);
      pool.load(ALL[33], bytes, 0, Carry.KEEP);
      pool.end(ALL[9]);
      pool.expire(0, 1, null);
    });
  }

  @Test
  void stepsThatTheCallerCarriesOut() {
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(NETWORK).maxStreams(KEYS).build()) {
      float[] x = Samples.floats(1, Streams.IN, 1);
      float[] y = new float[Streams.OUT];
      assertNothingAllocated(() -> batcher.step(ALL[7], x, y));
    }
  }

  @Test
  void submitsThatTheWorkerCarriesOut() {
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(NETWORK).maxStreams(KEYS).build()) {
      submits(batcher);
      assertTrue(batcher.stats().requests() > 0);
    }
  }

  private static void submits(SequenceBatcher<Integer> batcher) {
    float[] x = Samples.floats(1, Streams.IN, 1);
    float[][] y = new float[KEYS][Streams.OUT];
    AtomicInteger pending = new AtomicInteger();
    Completion<Integer> done = (key, z, weights, failure) -> pending.decrementAndGet();
    int[] next = {0};
    assertNothingAllocated(() -> {
      int key = next[0]++ % KEYS;
      while (pending.get() > KEYS / 2) {
        Thread.onSpinWait();
      }
      pending.incrementAndGet();
      batcher.submit(ALL[key], x, y[key], done);
    });
  }

  /** Weights, streams times state bytes, and a quarter more: of streams of an LSTM of 128 units. */
  @Test
  void aPoolTakesLittleMoreThanItsStates() {
    Network network = Streams.network(1, 128);
    int streams = 20_000;
    long before = threads.getCurrentThreadAllocatedBytes();
    StreamPool<Integer> pool = StreamPool.of(network, streams);
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(taken < 1.25 * network.stateBytes(streams), taken + " bytes, states " + network.stateBytes(streams));
    assertEquals(streams, pool.maxStreams());
  }
}
