package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.Session;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SequenceBatcherTest {
  private final Network network = Streams.network(1);

  private static float[] input(int key, int step) {
    return Samples.floats(1000L * key + step, Streams.IN, 1);
  }

  private BatcherBuilder<Integer> builder() {
    return SequenceBatcher.builder(network);
  }

  /** What each step of a stream of its own answers. */
  private static float[][] alone(Network network, int key, int steps) {
    Session session = network.session(1);
    float[][] y = new float[steps][Streams.OUT];
    for (int step = 0; step < steps; step++) {
      session.step(input(key, step), y[step]);
    }
    return y;
  }

  /** Some threads submit the steps of keys of their own; every answer is compared, in the order in which it came. */
  private void manyThreads(SequenceBatcher<Integer> batcher, int threads, int keys, int steps) throws InterruptedException {
    manyThreads(batcher, threads, keys, steps, threads);
  }

  /** Those from some number on wait for each step. */
  private void manyThreads(SequenceBatcher<Integer> batcher, int threads, int keys, int steps, int waiting)
      throws InterruptedException {
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    int[] seen = new int[keys];
    float[][][] expected = new float[keys][][];
    Arrays.setAll(expected, key -> alone(network, key, steps));
    CountDownLatch answered = new CountDownLatch(keys * steps);
    Completion<Integer> check = (key, y, weights, failure) -> {
      int step = seen[key]++;
      if (failure != null || !Arrays.equals(expected[key][step], y)) {
        wrong.add(key + " at " + step + ": " + Arrays.toString(y) + " " + failure);
      }
      answered.countDown();
    };
    List<Thread> submitting = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int first = t;
      Thread thread = new Thread(() -> {
        for (int step = 0; step < steps; step++) {
          for (int key = first; key < keys; key += threads) {
            if (first >= waiting) {
              float[] y = new float[Streams.OUT];
              check.done(key, y, waitFor(batcher, key, input(key, step), y), null);
              continue;
            }
            while (!batcher.submit(key, input(key, step), new float[Streams.OUT], check)) {
              Thread.yield();
            }
          }
        }
      });
      submitting.add(thread);
      thread.start();
    }
    for (Thread thread : submitting) {
      thread.join();
    }
    answered.await();
    assertEquals(List.of(), wrong);
    assertEquals((long) keys * steps, batcher.stats().requests());
  }

  private static int waitFor(SequenceBatcher<Integer> batcher, int key, float[] x, float[] y) {
    while (true) {
      try {
        return batcher.step(key, x, y);
      } catch (RejectedException e) {
        Thread.yield();
      }
    }
  }

  @Test
  void everyStreamIsAsIfItWereAloneUnderEveryPolicy() throws Exception {
    for (WhenFull policy : WhenFull.values()) {
      for (boolean callerSteps : new boolean[] {false, true}) {
        try (SequenceBatcher<Integer> batcher = builder().shards(2).maxStreams(100).maxBatch(8).callerSteps(callerSteps)
            .queue(20, policy).mostOfAKey(20).build()) {
          manyThreads(batcher, 8, 60, 25, 4);
          assertEquals(60, batcher.stats().streams());
        }
      }
    }
  }

  @Test
  void streamsThatCameBackFromTheStoreGoOnToTheBit() throws Exception {
    Streams.Store<Integer> store = new Streams.Store<>();
    try (SequenceBatcher<Integer> batcher = builder().shards(2).maxStreams(20).maxBatch(4).idle(Duration.ofNanos(1), null)
        .queue(64, WhenFull.BLOCK).store(store, Carry.REFUSE).build()) {
      manyThreads(batcher, 4, 60, 25);
    }
  }

  /** Holds a shard still, as a slow completion does. */
  private static Semaphore hold(SequenceBatcher<Integer> batcher, int key) {
    Semaphore go = new Semaphore(0);
    CountDownLatch held = new CountDownLatch(1);
    assertTrue(batcher.submit(key, input(key, 0), new float[Streams.OUT], (k, y, weights, failure) -> {
      held.countDown();
      go.acquireUninterruptibly();
    }));
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return go;
  }

  @Test
  void aFullQueueRefusesAndCounts() {
    try (SequenceBatcher<Integer> batcher = builder().queue(4, WhenFull.REJECT).mostOfAKey(3).callerSteps(false).build()) {
      Semaphore go = hold(batcher, 0);
      List<CompletableFuture<Reply>> taken = new ArrayList<>();
      for (int key = 1; key <= 4; key++) {
        taken.add(batcher.submit(key, input(key, 0)));
      }
      CompletableFuture<Reply> refused = batcher.submit(9, input(9, 0));
      ExecutionException failure = assertThrows(ExecutionException.class, refused::get);
      assertTrue(failure.getCause().getMessage().contains("full"), failure.getMessage());
      assertFalse(batcher.submit(9, input(9, 0), new float[Streams.OUT], (k, y, w, f) -> {}));
      assertEquals(2, batcher.stats().rejected());
      assertEquals(4, batcher.stats().pending());
      go.release();
      for (int key = 1; key <= 4; key++) {
        Samples.assertBits(alone(network, key, 1)[0], taken.get(key - 1).join().y(), "key " + key);
      }
      assertEquals(5, batcher.stats().requests());
    }
  }

  @Test
  void oneKeyCannotFillTheQueueOfAll() {
    try (SequenceBatcher<Integer> batcher = builder().queue(10, WhenFull.REJECT).mostOfAKey(3).callerSteps(false).build()) {
      Semaphore go = hold(batcher, 0);
      List<CompletableFuture<Reply>> hot = new ArrayList<>();
      for (int step = 0; step < 6; step++) {
        hot.add(batcher.submit(1, input(1, step)));
      }
      CompletableFuture<Reply> other = batcher.submit(2, input(2, 0));
      go.release();
      Samples.assertBits(alone(network, 2, 1)[0], other.join().y(), "the other");
      float[][] expected = alone(network, 1, 3);
      for (int step = 0; step < 6; step++) {
        CompletableFuture<Reply> reply = hot.get(step);
        if (step < 3) {
          Samples.assertBits(expected[step], reply.join().y(), "step " + step);
        } else {
          assertSame(RejectedException.BUSY, assertThrows(ExecutionException.class, reply::get).getCause());
        }
      }
    }
  }

  @Test
  void aBatchHasOneRequestOfAKeyAndWaitsForCompanyAsLongAsItMay() {
    try (SequenceBatcher<Integer> batcher = builder().maxBatch(3).maxDelay(Duration.ofHours(1)).build()) {
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int key : new int[] {1, 1, 2, 1, 2, 3}) {
        replies.add(batcher.submit(key, input(key, 0)));
      }
      // 1, 2, 3; then 1 and 2 wait for a third key, and a second 1 behind them.
      replies.get(5).join();
      assertEquals(3, batcher.stats().batchRows().max());
      assertEquals(1, batcher.stats().executions());
      assertFalse(replies.get(1).isDone());
      replies.add(batcher.submit(4, input(4, 0)));
      replies.get(4).join();
      assertEquals(2, batcher.stats().executions());
      assertFalse(replies.get(3).isDone());
      batcher.close(Duration.ofMinutes(1));
      assertEquals(1, batcher.stats().batchRows().percentile(1));
      for (CompletableFuture<Reply> reply : replies) {
        reply.join();
      }
    }
  }

  @Test
  void aPoisonedRowAndAFailingCompletionDisturbNobody() throws Exception {
    try (SequenceBatcher<Integer> batcher = builder().maxBatch(3).maxDelay(Duration.ofHours(1)).build()) {
      float[][] one = alone(network, 1, 5);
      float[][] three = alone(network, 3, 5);
      float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NaN};
      for (int step = 0; step < 5; step++) {
        CompletableFuture<Reply> before = batcher.submit(1, input(1, step));
        assertTrue(batcher.submit(2, bad, new float[Streams.OUT], (key, y, weights, failure) -> {
          throw new IllegalStateException("on purpose");
        }));
        CompletableFuture<Reply> after = batcher.submit(3, input(3, step));
        Samples.assertBits(one[step], before.join().y(), "before");
        Samples.assertBits(three[step], after.get(10, TimeUnit.SECONDS).y(), "behind");
      }
      batcher.close(Duration.ofMinutes(1));
      assertEquals(5, batcher.stats().failedCompletions());
      assertEquals(5, batcher.stats().executions());
    }
  }

  @Test
  void aRequestThatFailsFailsAlone() {
    StreamStore<Integer> broken = new Streams.Store<>() {
      @Override
      public int get(Integer key, byte[] to) {
        if (key == 2) {
          throw new IllegalStateException("no answer");
        }
        return super.get(key, to);
      }
    };
    try (SequenceBatcher<Integer> batcher = builder().maxBatch(3).maxDelay(Duration.ofHours(1)).store(broken, Carry.KEEP).build()) {
      List<CompletableFuture<Reply>> replies = List.of(batcher.submit(1, input(1, 0)), batcher.submit(2, input(2, 0)),
          batcher.submit(3, input(3, 0)));
      Samples.assertBits(alone(network, 1, 1)[0], replies.get(0).join().y(), "before");
      assertEquals("no answer", assertThrows(ExecutionException.class, () -> replies.get(1).get()).getCause().getMessage());
      Samples.assertBits(alone(network, 3, 1)[0], replies.get(2).join().y(), "behind");
      assertEquals(1, batcher.stats().failures());
      assertEquals(batcher.stats().requests() - 1, batcher.stats().successes());
    }
  }

  @Test
  void whoWaitsIsToldWhyThereIsNoStep() {
    SequenceBatcher<Integer> batcher = builder().maxStreams(1).build();
    assertEquals(network.weightsFingerprint(), batcher.step(1, input(1, 0), new float[Streams.OUT]));
    assertThrows(StateException.class, () -> batcher.step(2, input(2, 0), new float[Streams.OUT]));
    float[] y = new float[Streams.OUT];
    Thread.currentThread().interrupt();
    batcher.step(1, input(1, 1), y);
    assertTrue(Thread.interrupted());
    Samples.assertBits(alone(network, 1, 2)[1], y, "the second step");
    batcher.close();
    assertSame(RejectedException.CLOSED, assertThrows(RejectedException.class, () -> batcher.step(1, input(1, 2), y)));
  }

  @Test
  void aRequestThatWaitedTooLongLeavesItsStreamAsItIs() {
    try (SequenceBatcher<Integer> batcher = builder().timeout(Duration.ofNanos(1)).callerSteps(false).build()) {
      CompletableFuture<Reply> late = batcher.submit(1, input(1, 0));
      assertSame(RejectedException.LATE, assertThrows(ExecutionException.class, late::get).getCause());
      assertEquals(1, batcher.stats().late());
      assertEquals(0, batcher.stats().streams());
    }
  }

  @Test
  void anEndComesAfterWhatWasSubmittedBeforeIt() {
    try (SequenceBatcher<Integer> batcher = builder().callerSteps(false).build()) {
      Semaphore go = hold(batcher, 0);
      for (int step = 0; step < 4; step++) {
        batcher.submit(1, input(1, step));
      }
      CompletableFuture<State> end = batcher.end(1);
      CompletableFuture<Reply> again = batcher.submit(1, input(1, 0));
      go.release();
      Session session = network.session(1);
      for (int step = 0; step < 4; step++) {
        session.step(input(1, step), new float[Streams.OUT]);
      }
      Samples.assertBits(session.state(), end.join(), "the last state");
      Samples.assertBits(alone(network, 1, 1)[0], again.join().y(), "a new stream");
      assertNull(batcher.end(77).join());
    }
  }

  @Test
  void idleStreamsAreHandedOutOnce() throws Exception {
    List<Integer> gone = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(20);
    try (SequenceBatcher<Integer> batcher = builder().shards(2).idle(Duration.ofMillis(20), (key, state, length) -> {
      gone.add(key);
      all.countDown();
    }).build()) {
      for (int key = 0; key < 20; key++) {
        batcher.submit(key, input(key, 0)).join();
      }
      all.await();
      assertEquals(20, gone.stream().distinct().count());
      while (batcher.stats().evictions() < 20) {
        Thread.sleep(1);
      }
      assertEquals(0, batcher.stats().streams());
    }
    assertEquals(20, gone.size());
  }

  @Test
  void closingAnswersEverybodyOnce() throws Exception {
    for (int round = 0; round < 30; round++) {
      SequenceBatcher<Integer> batcher = builder().shards(2).maxBatch(4).callerSteps(round % 2 == 0)
          .queue(50, round % 3 == 0 ? WhenFull.BLOCK : WhenFull.REJECT).mostOfAKey(50).build();
      AtomicInteger taken = new AtomicInteger();
      AtomicInteger answered = new AtomicInteger();
      Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int key = t;
        Thread thread = new Thread(() -> {
          for (int step = 0; step < 500; step++) {
            if (batcher.submit(key + 10 * (step % 7), input(key, step), new float[Streams.OUT], (k, y, w, failure) -> {
              answered.incrementAndGet();
              if (failure != null) {
                failures.add(failure);
              }
            })) {
              taken.incrementAndGet();
            }
          }
        });
        threads.add(thread);
        thread.start();
      }
      while (taken.get() < 50) {
        Thread.onSpinWait();
      }
      batcher.close(Duration.ofMinutes(1));
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), List.copyOf(failures));
      assertEquals(taken.get(), answered.get());
      assertEquals(0, batcher.stats().pending());
      assertFalse(batcher.submit(1, input(1, 0), new float[Streams.OUT], (k, y, w, f) -> {}));
      CompletableFuture<Reply> refused = batcher.submit(1, input(1, 0));
      assertSame(RejectedException.CLOSED, assertThrows(ExecutionException.class, refused::get).getCause());
    }
  }

  @Test
  void whatIsNotDoneInTimeIsRefused() {
    SequenceBatcher<Integer> batcher = builder().callerSteps(false).build();
    Semaphore go = hold(batcher, 0);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int key = 1; key < 10; key++) {
      replies.add(batcher.submit(key, input(key, 0)));
    }
    CompletableFuture<State> end = batcher.end(3);
    Thread closing = new Thread(() -> batcher.close(Duration.ofMillis(1)));
    closing.start();
    while (closing.getState() != Thread.State.TIMED_WAITING || !batcher.shards()[0].isAbandoned()) {
      Thread.onSpinWait();
    }
    go.release();
    for (CompletableFuture<?> reply : replies) {
      assertSame(RejectedException.CLOSED, assertThrows(ExecutionException.class, reply::get).getCause());
    }
    assertSame(RejectedException.CLOSED, assertThrows(ExecutionException.class, end::get).getCause());
  }

  @Test
  void aCompletionNeverWaitsForItself() throws Exception {
    for (WhenFull policy : WhenFull.values()) {
      try (SequenceBatcher<Integer> batcher = builder().queue(2, policy).maxBatch(1).build()) {
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        CompletableFuture<RuntimeException> closing = new CompletableFuture<>();
        CompletableFuture<RuntimeException> waits = new CompletableFuture<>();
        assertTrue(batcher.submit(1, input(1, 0), new float[Streams.OUT], (key, y, weights, failure) -> {
          int count = 0;
          for (int i = 0; i < 5; i++) {
            count += batcher.submit(10 + i, input(1, 0), new float[Streams.OUT], (k, z, w, f) -> {}) ? 1 : 0;
          }
          taken.complete(count);
          closing.complete(assertThrows(StateException.class, batcher::close));
          waits.complete(assertThrows(StateException.class, () -> batcher.step(1, input(1, 0), new float[Streams.OUT])));
        }));
        assertEquals(2, taken.get(10, TimeUnit.SECONDS));
        closing.get(10, TimeUnit.SECONDS);
        waits.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void whatCannotBeServedIsSaidAtOnce() {
    try (SequenceBatcher<Integer> batcher = builder().build()) {
      assertThrows(ShapeException.class, () -> batcher.submit(1, new float[2], new float[2], (k, y, w, f) -> {}));
      assertThrows(ShapeException.class, () -> batcher.submit(1, new float[3], new float[1], (k, y, w, f) -> {}));
      assertThrows(RillException.class, () -> batcher.submit(1, new float[3], new float[2], null));
      assertThrows(ShapeException.class, () -> batcher.submit(1, new float[2]));
      assertThrows(ShapeException.class, () -> batcher.submit(1, new float[4]), "the features of another model");
      assertThrows(ShapeException.class, () -> builder().shards(0));
      assertThrows(RillException.class, () -> builder().maxDelay(Duration.ofMillis(-1)));
      assertEquals(0, batcher.stats().pending());
    }
  }
}
