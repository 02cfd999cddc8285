package dev.rill.engine;

import dev.rill.kernels.KernelChoice;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One piece of work after the other, each cut into shares. The calling thread and its helpers, threads of an executor, take share
 * after share until none is left; so the caller does what no helper has begun, and a helper that comes late finds nothing to do.
 * One thread calls at a time; warm, a piece of work allocates nothing but what the executor allocates for a task.
 *
 * <p>A batch is several pieces, one soon after the other. To wake a thread takes a good part of a short one, so helpers wait awake,
 * up to half a millisecond, giving way to whoever else wants their core, before they go back to the executor; after a second they do
 * so in any case, as others may want its thread.
 */
final class Shares {
  /** Work that is cut into shares, which may be done in any order and on any threads. */
  interface Work {
    void share(int index);
  }

  /** How long a thread waits awake. */
  private static final long PATIENCE_NANOS = 500_000;
  /** How long a helper keeps a thread of the executor from its other tasks. */
  private static final long TURN_NANOS = 1_000_000_000;
  /** When the executor is asked again after it has refused a helper or not run it; doubled each time, up to the longest. */
  private static final long SHORTEST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;
  private static final int INDEX_BITS = 16;
  private static final int INDEX = (1 << INDEX_BITS) - 1;

  /** A task for the executor. It may be lost, refused, run late, or run twice at once if it was taken for lost. */
  private final class Helper implements Runnable {
    private static final int AWAY = 0;
    private static final int ASKED = 1;
    private static final int HERE = 2;

    private final AtomicInteger place = new AtomicInteger(AWAY);
    private long asked;
    /** How long to wait before asking again; 0 since it last came. */
    private long pause;

    /** Asks the executor for a thread, unless it has one or was asked a short time ago. */
    void call(long now) {
      int was = place.get();
      if (was == HERE || pause > 0 && now - asked < pause || !place.compareAndSet(was, ASKED)) {
        return;
      }
      asked = now;
      pause = Math.min(LONGEST_PAUSE_NANOS, Math.max(SHORTEST_PAUSE_NANOS, 2 * pause));
      try {
        executor.execute(this);
      } catch (RuntimeException | Error refused) {
        // Rejected, or no thread could be started: the caller does without.
        place.compareAndSet(ASKED, AWAY);
      }
    }

    @Override
    public void run() {
      if (!place.compareAndSet(ASKED, HERE)) {
        return;
      }
      // An executor may run its tasks on the thread that calls, which does the work anyway and has no time to wait.
      if (Thread.currentThread() != caller) {
        pause = 0;
        help();
      }
      place.set(AWAY);
    }

    private void help() {
      long begin = System.nanoTime();
      long last = begin;
      long now = begin;
      while (now - last < PATIENCE_NANOS && now - begin < TURN_NANOS && !Thread.currentThread().isInterrupted()) {
        int share = take(false);
        if (share < 0) {
          Thread.yield();
          now = System.nanoTime();
          continue;
        }
        carryOut(share);
        finished.incrementAndGet();
        if (parked) {
          LockSupport.unpark(caller);
        }
        now = System.nanoTime();
        last = now;
      }
    }
  }

  private final Executor executor;
  private final Helper[] helpers;
  /** The number of the piece of work, the first of its shares that nobody has begun, and the one behind the last of these. */
  private final AtomicLong open = new AtomicLong();
  /** How many shares helpers have done. */
  private final AtomicInteger finished = new AtomicInteger();
  /** The first failure of a share: those that are not begun are left out then. */
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Work work;
  private Thread caller;
  private volatile boolean parked;

  /** Work of so many threads at the most: the calling one and some of an executor. */
  Shares(Executor executor, int threads) {
    this.executor = executor;
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper();
    }
  }

  /** How many threads take part at the most. */
  int most() {
    return helpers.length + 1;
  }

  /**
   * How many threads some rows are worth.
   *
   * @param work multiply-adds of all rows
   * @param share as many as are worth a thread, for each float of a vector
   */
  int worth(long work, long share, int rows) {
    long shares = work / (KernelChoice.simd() ? share * KernelChoice.lanes() : share);
    return (int) Math.max(1, Math.min(Math.min(most(), rows), shares));
  }

  /**
   * Does a piece of work. When it returns or throws, no thread is at it any more.
   *
   * @param count number of shares, at most 2 to the power of 16; more threads than these take no part
   * @param piece what each does; what it throws is thrown here
   */
  void run(int count, Work piece) {
    if (count == 1) {
      piece.share(0);
      return;
    }
    work = piece;
    caller = Thread.currentThread();
    finished.set(0);
    // The last share is the caller's own from the start. It goes on from there and its helpers come from the other end: so most
    // meet their rows again, which the other's cache may be far away from.
    open.set(((open.get() >>> 2 * INDEX_BITS) + 1 << 2 * INDEX_BITS) + count - 1);
    long now = System.nanoTime();
    for (int i = 0; i < Math.min(count - 1, helpers.length); i++) {
      helpers[i].call(now);
    }
    int own = 0;
    for (int share = count - 1; share >= 0; share = take(true)) {
      carryOut(share);
      own++;
    }
    await(count - own);
    work = null;
    caller = null;
    Throwable why = failure.getAndSet(null);
    if (why instanceof Error error) {
      throw error;
    } else if (why != null) {
      throw (RuntimeException) why;
    }
  }

  /** Takes the first or the last of the shares that nobody has begun; −1 if there is none. */
  private int take(boolean last) {
    for (;;) {
      long now = open.get();
      int first = (int) (now >>> INDEX_BITS) & INDEX;
      int end = (int) now & INDEX;
      if (first == end) {
        return -1;
      }
      if (open.compareAndSet(now, last ? now - 1 : now + (1 << INDEX_BITS))) {
        return last ? end - 1 : first;
      }
    }
  }

  private void carryOut(int share) {
    if (failure.get() == null) {
      try {
        work.share(share);
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    }
  }

  /** Waits until helpers have done the shares that they have begun. */
  private void await(int begun) {
    boolean interrupted = false;
    long begin = System.nanoTime();
    while (finished.get() < begun) {
      if (System.nanoTime() - begin < PATIENCE_NANOS) {
        Thread.yield();
        continue;
      }
      parked = true;
      if (finished.get() < begun) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    parked = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
