package dev.rill.serving;

import dev.rill.tensor.State;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** One submitted step, or the end of a stream. Made once and used over and over; belongs to whoever has taken it from a ring. */
final class Request<K> {
  /** To be completed with the last state if the stream is to end; null for a step. */
  CompletableFuture<State> ending;
  K key;
  /** The input, copied; [in]. */
  final float[] x;
  /** The caller's array, [out]. */
  float[] y;
  Completion<? super K> done;
  long submitted;
  /** Who waits for the answer, and takes the request back himself; null if there is a completion instead. */
  Thread waiter;
  int weights;
  RuntimeException failure;
  private volatile boolean answered;
  /** The next request of the same key. */
  Request<K> behind;
  /** The next of those that are ready. */
  Request<K> next;
  /** Its key's index among those under way. */
  int index;

  Request(int features) {
    x = new float[features];
  }

  /** Answers the thread that waits, if it does: one that carries out its own request would not sleep the next time it wants to. */
  void answer(int of, RuntimeException why) {
    Thread thread = waiter;
    weights = of;
    failure = why;
    // From here on the request is the other thread's.
    answered = true;
    if (thread != Thread.currentThread()) {
      LockSupport.unpark(thread);
    }
  }

  /** Waits for the answer; an interrupt changes nothing but the status of the thread. */
  void await() {
    boolean interrupted = false;
    while (!answered) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forgets whose it was. */
  void clear() {
    ending = null;
    key = null;
    y = null;
    done = null;
    waiter = null;
    failure = null;
    answered = false;
    behind = null;
  }
}
