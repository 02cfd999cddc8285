package dev.rill.fuzz;

import com.sun.management.ThreadMXBean;
import dev.rill.tensor.RillException;
import java.lang.management.ManagementFactory;

/** What a reader is held to: a value or an exception of the family, soon, and from little memory. */
final class Bounds {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long NANOS = 2_000_000_000L;
  private static final long ALLOCATED = 96L << 20;
  /** Beside the fixed amount, for each byte of the input. */
  private static final int ALLOCATED_PER_BYTE = 256;
  private static final int LONGEST_MESSAGE = 1 << 14;

  private Bounds() {}

  interface Body {
    void run() throws Exception;
  }

  /**
   * Runs it; every exception but those of the family goes through, as does an error. Over a limit it is run once more, and that
   * counts, in time of this thread alone: loading classes is not the reader's work, and other processes are not its fault.
   *
   * @param bytes size of the input
   * @param body reads it
   */
  static void hold(int bytes, Body body) throws Exception {
    long limit = ALLOCATED + (long) ALLOCATED_PER_BYTE * bytes;
    long nanos = System.nanoTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    run(body);
    if (System.nanoTime() - nanos > NANOS || THREADS.getCurrentThreadAllocatedBytes() - allocated > limit) {
      nanos = THREADS.getCurrentThreadCpuTime();
      allocated = THREADS.getCurrentThreadAllocatedBytes();
      run(body);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      nanos = THREADS.getCurrentThreadCpuTime() - nanos;
      require(nanos <= NANOS, bytes + " bytes took " + nanos / 1_000_000 + " ms");
      require(allocated <= limit, bytes + " bytes took " + allocated + " bytes of memory");
    }
  }

  private static void run(Body body) throws Exception {
    try {
      body.run();
    } catch (RillException e) {
      require(e.getMessage() != null && !e.getMessage().isEmpty(), "an exception without a message: " + e);
      require(e.getMessage().length() < LONGEST_MESSAGE, "a message of " + e.getMessage().length() + " characters");
    }
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
