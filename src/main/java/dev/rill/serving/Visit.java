package dev.rill.serving;

import java.util.concurrent.locks.LockSupport;

/** Work that waits for somebody who has a shard. */
final class Visit {
  private final Runnable work;
  private final Thread visitor = Thread.currentThread();
  private Throwable failure;
  private volatile boolean done;

  Visit(Runnable work) {
    this.work = work;
  }

  /** Does the work for the visitor, whose failures are his own. */
  void receive() {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    done = true;
    LockSupport.unpark(visitor);
  }

  boolean isDone() {
    return done;
  }

  void rethrow() {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
