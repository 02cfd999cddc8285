package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Work on a thread that is interrupted again and again. */
public final class Interrupts {
  private static final int TIMES = 100;

  /** Work that may throw. */
  public interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  private Interrupts() {}

  /**
   * Does the same work again and again, interrupted whenever it may be; afterwards the thread is not.
   *
   * @param work must leave the thread interrupted, if it was
   */
  public static void during(Work work) {
    Thread worker = Thread.currentThread();
    AtomicBoolean done = new AtomicBoolean();
    Thread other = new Thread(() -> {
      while (!done.get()) {
        worker.interrupt();
        // Now and then: work that is interrupted all the time tries again all the time.
        LockSupport.parkNanos(20_000);
      }
    });
    other.setDaemon(true);
    other.start();
    try {
      for (int i = 0; i < TIMES; i++) {
        work.run();
        if (i % 2 == 0) {
          Thread.interrupted();
        }
      }
      worker.interrupt();
      work.run();
      assertTrue(worker.isInterrupted(), "the interrupt got lost");
    } catch (Exception e) {
      throw new AssertionError("work on an interrupted thread failed", e);
    } finally {
      done.set(true);
      join(other);
      Thread.interrupted();
    }
  }

  private static void join(Thread thread) {
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // By the last ones.
      }
    }
  }
}
