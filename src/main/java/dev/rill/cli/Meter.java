package dev.rill.cli;

/**
 * Times the calls of one thread.
 *
 * <p>A call that is short beside the timer is timed in blocks, for how long it takes, and alone, less what the timer
 * itself costs, for its tail. With a rate a call's time counts from when it should have begun: a call that waits for
 * the one before it is late, and its time says so.
 */
final class Meter {
  /** A shorter call is also timed in blocks. */
  static final long SHORT = 2_000;
  /** A block takes at least so long. */
  static final long BLOCK = 5_000;

  /** Settled if the time has not fallen for so many rounds, each a share of the time there is. */
  private static final int FLAT_ROUNDS = 5;
  private static final int ROUNDS = 50;

  private final Workload.Calls calls;
  private final AllocatedBytes allocated;
  private final long timer;
  private final Histogram singles = new Histogram();
  private final Histogram blocks = new Histogram();
  private long count;
  private long bytes;

  Meter(Workload.Calls calls, AllocatedBytes allocated, long timer) {
    this.calls = calls;
    this.allocated = allocated;
    this.timer = timer;
  }

  /** What reading the clock costs: the median of many readings one after the other. */
  static long timerNanos() {
    Histogram costs = new Histogram();
    for (int round = 0; round < 5; round++) {
      costs.clear();
      for (int i = 0; i < 20_000; i++) {
        long start = System.nanoTime();
        costs.record(System.nanoTime() - start);
      }
    }
    return costs.percentile(0.5);
  }

  /**
   * Runs until the time of a call has stopped falling, and finds out how many calls make a block.
   *
   * @param nanos how long at the most
   * @return 1 if a call is long enough to be timed alone
   */
  int settle(long nanos) {
    long end = System.nanoTime() + nanos;
    double lowest = Double.MAX_VALUE;
    int block = 1;
    for (int flat = 0; flat < FLAT_ROUNDS && System.nanoTime() - end < 0; ) {
      closed(block, nanos / ROUNDS);
      double call = block == 1 ? singles.percentile(0.5) : blocks.percentile(0.5) / (double) block;
      flat = call > 0.95 * lowest ? flat + 1 : 0;
      lowest = Math.min(lowest, call);
      // A tenth more, so that blocks that run a little faster last long enough too.
      block = call >= SHORT ? 1 : (int) Math.ceil(1.1 * BLOCK / Math.max(1, call));
    }
    return block;
  }

  /** Measures anew for a while, calls one after the other. */
  void closed(int block, long nanos) {
    begin();
    long end = System.nanoTime() + nanos;
    if (block == 1) {
      closedSingles(end);
    } else {
      closedBlocks(block, end);
    }
    finish();
  }

  private void closedSingles(long end) {
    long start;
    do {
      start = System.nanoTime();
      calls.make(1);
      singles.record(System.nanoTime() - start - timer);
      count++;
    } while (start - end < 0);
  }

  private void closedBlocks(int block, long end) {
    long start;
    do {
      start = System.nanoTime();
      calls.make(block);
      blocks.record(System.nanoTime() - start - timer);
      for (int i = 0; i < block; i++) {
        long single = System.nanoTime();
        calls.make(1);
        singles.record(System.nanoTime() - single - timer);
      }
      count += 2 * block;
    } while (start - end < 0);
  }

  /** Measures anew for a while, calls at a rate, each timed from when it should have begun. */
  void paced(double perSecond, long nanos) {
    begin();
    long start = System.nanoTime();
    double period = 1e9 / perSecond;
    long now = start;
    while (now - start < nanos) {
      long due = start + (long) (count * period);
      while (System.nanoTime() - due < 0) {
        Thread.onSpinWait();
      }
      calls.make(1);
      now = System.nanoTime();
      singles.record(now - due - timer);
      count++;
    }
    finish();
  }

  private void begin() {
    singles.clear();
    blocks.clear();
    count = 0;
    bytes = allocated.ofCurrentThread();
  }

  private void finish() {
    long now = allocated.ofCurrentThread();
    bytes = bytes == AllocatedBytes.UNKNOWN ? AllocatedBytes.UNKNOWN : now - bytes;
  }

  Histogram singles() {
    return singles;
  }

  Histogram blocks() {
    return blocks;
  }

  /** Calls made. */
  long count() {
    return count;
  }

  /** Bytes allocated by all of them, or {@link AllocatedBytes#UNKNOWN}. */
  long bytes() {
    return bytes;
  }
}
