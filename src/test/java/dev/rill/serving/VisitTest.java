package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.StateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisitTest {
  @TempDir
  Path folder;

  @Test
  void whoReceivesDoesTheWorkAndTheFailureIsTheVisitors() {
    Thread[] by = new Thread[1];
    Visit good = new Visit(() -> by[0] = Thread.currentThread());
    assertFalse(good.isDone());
    good.receive();
    assertTrue(good.isDone());
    good.rethrow();
    assertSame(Thread.currentThread(), by[0]);

    StateException failure = new StateException("no");
    Visit bad = new Visit(() -> {
      throw failure;
    });
    bad.receive();
    assertTrue(bad.isDone());
    assertSame(failure, assertThrows(StateException.class, bad::rethrow));
  }

  @Test
  void aSnapshotWaitsForTheRequestThatIsBeingAnsweredAndForNoOther() throws Exception {
    try (SequenceBatcher<Long> batcher = SequenceBatcher.<Long>builder(Streams.network(1)).maxStreams(1000).build()) {
      for (long key = 0; key < 1000; key++) {
        batcher.submit(key, new float[Streams.IN]).join();
      }
      CountDownLatch answering = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      batcher.submit(1L, new float[Streams.IN], new float[Streams.OUT], (key, y, weights, failure) -> {
        answering.countDown();
        await(go);
      });
      answering.await();
      CompletableFuture<Snapshot> snapshot = CompletableFuture.supplyAsync(() -> written(batcher));
      CompletableFuture<?> next = batcher.submit(2L, new float[Streams.IN]);
      assertFalse(snapshot.isDone());
      go.countDown();
      assertEquals(1000, snapshot.join().streams());
      next.join();
    }
  }

  @Test
  void whoIsInsideAlreadyDoesItAtOnce() throws Exception {
    try (SequenceBatcher<Long> batcher = SequenceBatcher.<Long>builder(Streams.network(1)).maxStreams(10).build()) {
      CompletableFuture<Snapshot> snapshot = new CompletableFuture<>();
      batcher.submit(1L, new float[Streams.IN], new float[Streams.OUT], (key, y, weights, failure) -> snapshot.complete(written(batcher)));
      assertEquals(1, snapshot.get(30, TimeUnit.SECONDS).streams());
    }
  }

  private Snapshot written(SequenceBatcher<Long> batcher) {
    try {
      return batcher.snapshot(folder.resolve("all"), KeyCodec.LONGS, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
