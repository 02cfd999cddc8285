package dev.rill.layers;

import dev.rill.tensor.RillException;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that train: the caller's own and those of an executor. Rill starts none. The number of threads changes no bit
 * of any result.
 *
 * <p>A batch is several shares of work, one soon after the other. To wake a thread takes a good part of a short one, so the others
 * wait awake, up to half a millisecond, giving way to whoever else wants their core, before they go back to the executor.
 */
public final class TrainingThreads {
  /** A share of some work. */
  public interface Task {
    void share(int thread);
  }

  private static final long PATIENCE_NANOS = 500_000;

  /** A thread of the executor: with it, at work, or waiting for more. */
  private final class Other implements Runnable {
    private static final int AWAY = 0;
    private static final int AT_WORK = 1;
    private static final int WAITING = 2;

    private final int thread;
    private final AtomicInteger place = new AtomicInteger(AWAY);

    Other(int thread) {
      this.thread = thread;
    }

    void call() {
      if (!place.compareAndSet(WAITING, AT_WORK)) {
        place.set(AT_WORK);
        queued.incrementAndGet();
        executor.execute(this);
      }
    }

    @Override
    public void run() {
      queued.decrementAndGet();
      do {
        try {
          task.share(thread);
        } catch (Throwable e) {
          failure = e;
        }
        place.set(WAITING);
        done.release();
      } while (called());
    }

    /** Nobody waits in front of others that want this thread of the executor, nor on the thread that calls. */
    private boolean called() {
      long begin = System.nanoTime();
      while (place.get() == WAITING && queued.get() == 0 && Thread.currentThread() != caller
          && System.nanoTime() - begin < PATIENCE_NANOS) {
        Thread.yield();
      }
      return !place.compareAndSet(WAITING, AWAY);
    }
  }

  private final Executor executor;
  private final Other[] others;
  private final AtomicInteger queued = new AtomicInteger();
  private final Semaphore done = new Semaphore(0);
  private Thread caller;
  private Task task;
  private volatile Throwable failure;

  private TrainingThreads(Executor executor, int size) {
    this.executor = executor;
    others = new Other[size - 1];
    Arrays.setAll(others, i -> new Other(i + 1));
  }

  /**
   * The calling thread alone.
   *
   * @return@return the calling thread only
   */
  public static TrainingThreads callerOnly() {
    return new TrainingThreads(null, 1);
  }

  /**
   * The calling thread and others.
   *
   * @param executor runs a share of each batch at once: with fewer free threads than {@code threads − 1} the work waits
   * @param threads how many share the work, the calling thread included
   * @return@return the threads
   * @throws RillException if {@code threads} is not positive
   */
  public static TrainingThreads of(Executor executor, int threads) {
    if (threads < 1) {
      throw new RillException("expected at least one thread, got " + threads);
    }
    return new TrainingThreads(executor, threads);
  }

  public int size() {
    return others.length + 1;
  }

  public void run(Task work) {
    task = work;
    caller = Thread.currentThread();
    for (Other other : others) {
      other.call();
    }
    try {
      work.share(0);
    } finally {
      await();
    }
    if (failure != null) {
      Throwable why = failure;
      failure = null;
      throw new RillException("a training thread failed", why);
    }
  }

  private void await() {
    long begin = System.nanoTime();
    while (!done.tryAcquire(others.length)) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        done.acquireUninterruptibly(others.length);
        return;
      }
      Thread.yield();
    }
  }
}
