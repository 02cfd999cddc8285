package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that code allocates. */
final class Allocation {
  /** Until it is compiled, Vector API code allocates every vector: how long to wait for the compiler. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final int WINDOW = 1000;

  private Allocation() {}

  /** What one call allocates on this thread. */
  static long of(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
    long before = threads.getCurrentThreadAllocatedBytes();
    call.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Code that is compiled allocates nothing. Three windows in a row must be free of allocation: before them the compiler may still have been at work. */
  static void assertNone(Runnable call) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    long allocated;
    int free = 0;
    do {
      allocated = of(() -> {
        for (int i = 0; i < WINDOW; i++) {
          call.run();
        }
      });
      free = allocated == 0 ? free + 1 : 0;
    } while (free < 3 && System.nanoTime() < end);
    assertEquals(0, allocated, "bytes in " + WINDOW + " calls");
  }
}
