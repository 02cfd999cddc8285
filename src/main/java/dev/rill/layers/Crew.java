package dev.rill.layers;

import dev.rill.tensor.RillException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * The threads that train: the caller's own and those of an executor. Rill starts none. The number of threads changes no bit
 * of any result.
 */
public final class Crew {
  /** A share of some work. */
  interface Task {
    void share(int thread);
  }

  private final Executor executor;
  private final Runnable[] others;
  private final Semaphore done = new Semaphore(0);
  private Task task;
  private volatile Throwable failure;

  private Crew(Executor executor, int size) {
    this.executor = executor;
    others = new Runnable[size - 1];
    for (int i = 0; i < others.length; i++) {
      int thread = i + 1;
      others[i] = () -> {
        try {
          task.share(thread);
        } catch (Throwable e) {
          failure = e;
        } finally {
          done.release();
        }
      };
    }
  }

  /**
   * The calling thread alone.
   *
   * @return a crew of one
   */
  public static Crew alone() {
    return new Crew(null, 1);
  }

  /**
   * The calling thread and others.
   *
   * @param executor runs a share of each batch at once: with fewer free threads than {@code threads − 1} the work waits
   * @param threads how many share the work, the calling thread included
   * @return a crew
   * @throws RillException if {@code threads} is not positive
   */
  public static Crew of(Executor executor, int threads) {
    if (threads < 1) {
      throw new RillException("expected at least one thread, got " + threads);
    }
    return new Crew(executor, threads);
  }

  int size() {
    return others.length + 1;
  }

  void run(Task work) {
    task = work;
    for (Runnable other : others) {
      executor.execute(other);
    }
    try {
      work.share(0);
    } finally {
      done.acquireUninterruptibly(others.length);
    }
    if (failure != null) {
      Throwable why = failure;
      failure = null;
      throw new RillException("a training thread failed", why);
    }
  }
}
