package dev.rill.tensor;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Which thread is using an object that has a state: a second one is refused, where it would compute wrong numbers. No lock, nobody
 * waits; the thread that is in may enter again, as a callback does that calls {@code predict} inside {@code fit}. A use costs a
 * compare-and-set and allocates nothing. For calls of a microsecond and more: to the step of a small session it would add a tenth,
 * so sessions have a plain flag.
 */
public final class OneThread {
  private final String what;
  private final String instead;
  private final AtomicReference<Thread> user = new AtomicReference<>();
  /** How often that thread has entered; it alone reads and writes this. */
  private int depth;

  /**
   * An object that nobody uses yet.
   *
   * @param what the object, as a message names it: {@code the model}
   * @param instead what to do to use it on several threads
   */
  public OneThread(String what, String instead) {
    this.what = what;
    this.instead = instead;
  }

  /**
   * Begins a use of the object by this thread; {@link #leave()} is to follow in any case.
   *
   * @throws StateException if another thread is using it; nothing is to be left then
   */
  public void enter() {
    Thread self = Thread.currentThread();
    if (user.getPlain() != self && !user.compareAndSet(null, self)) {
      Thread other = user.get();
      throw new StateException(what + " is for one thread at a time and in use by " + (other == null ? "another" : "thread "
          + other.getName()) + ", so thread " + self.getName() + " cannot use it: " + instead);
    }
    depth++;
  }

  /**
   * Whether this use, of the thread that asks, began within another one.
   *
   * @return false for the outermost
   */
  public boolean nested() {
    return depth > 1;
  }

  /** Ends a use. */
  public void leave() {
    if (--depth == 0) {
      user.setRelease(null);
    }
  }

  /** Returns what it guards and who has it. */
  @Override
  public String toString() {
    return "use of " + what + (user.get() == null ? ", free" : " by " + user.get().getName());
  }
}
