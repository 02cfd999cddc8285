package dev.rill.training;

import dev.rill.tensor.OneThread;
import java.util.List;

/**
 * Something that is told how training goes and may steer it. All methods do nothing unless overridden; callbacks are told in
 * the order in which they were given. One is for one {@code fit} at a time, which another thread's is refused, and begins the next
 * as new where nothing else is said. All are told on the thread of {@code fit}, and may use the model there.
 *
 * <p>One that remembers something from epoch to epoch says so by {@link #state()} and {@link #restore}: training that is
 * interrupted then goes on as if it had not been.
 */
public abstract class Callback {
  private final OneThread use = new OneThread("callback " + getClass().getName(), "give each fit callbacks of its own");

  /** Creates a callback. */
  protected Callback() {}

  /** Begins a run of all these callbacks on this thread, or of none if another thread has a run with one of them. */
  static void enter(List<Callback> listeners) {
    int entered = 0;
    try {
      for (; entered < listeners.size(); entered++) {
        listeners.get(entered).use.enter();
      }
    } finally {
      for (int i = 0; i < entered && entered < listeners.size(); i++) {
        listeners.get(i).use.leave();
      }
    }
  }

  /** Ends their run, however it went: each is left, and lets go of what it holds unless an outer run of it goes on. */
  static void leave(List<Callback> listeners) {
    if (listeners.isEmpty()) {
      return;
    }
    Callback first = listeners.get(0);
    try {
      if (!first.use.nested()) {
        first.release();
      }
    } finally {
      first.use.leave();
      leave(listeners.subList(1, listeners.size()));
    }
  }

  /**
   * Before the first epoch; nothing has changed yet.
   *
   * @param run what it may look at and steer
   */
  public void onTrainBegin(FitContext run) {}

  /**
   * After the last epoch.
   *
   * @param run what it may look at
   * @param logs those of the last epoch; empty if none ran
   */
  public void onTrainEnd(FitContext run, Logs logs) {}

  /**
   * Before an epoch.
   *
   * @param run what it may look at and steer
   */
  public void onEpochBegin(FitContext run) {}

  /**
   * After an epoch and its validation.
   *
   * @param run what it may look at and steer
   * @param logs loss and metrics, those of validation under {@code val_}; what it puts in, later callbacks and the history see
   */
  public void onEpochEnd(FitContext run, Logs logs) {}

  /**
   * Before an update.
   *
   * @param run what it may look at and steer
   */
  public void onTrainBatchBegin(FitContext run) {}

  /**
   * After an update.
   *
   * @param run what it may look at and steer
   * @param logs loss and metrics of the epoch so far; valid during the call
   */
  public void onTrainBatchEnd(FitContext run, Logs logs) {}

  /**
   * Before validation or evaluation.
   *
   * @param run what it may look at
   */
  public void onTestBegin(FitContext run) {}

  /**
   * After validation or evaluation.
   *
   * @param run what it may look at
   * @param logs loss and metrics; valid during the call
   */
  public void onTestEnd(FitContext run, Logs logs) {}

  /**
   * Before a batch of validation or evaluation.
   *
   * @param run what it may look at
   */
  public void onTestBatchBegin(FitContext run) {}

  /**
   * After a batch of validation or evaluation.
   *
   * @param run what it may look at
   * @param logs loss and metrics of the test so far; valid during the call
   */
  public void onTestBatchEnd(FitContext run, Logs logs) {}

  /**
   * What this callback has to remember for training to go on without it having been told of the epochs so far. A {@link
   * Checkpoint} keeps it: asked for when all callbacks have been told that an epoch has ended. Where training goes on from one, it is
   * asked for behind {@link #onTrainBegin} of all callbacks as well, to see who remembers something, and {@link #restore} follows.
   *
   * @return null if there is never anything to remember, as by default
   */
  public CallbackState state() {
    return null;
  }

  /**
   * Goes on where a callback like this one was. Called behind {@link #onTrainBegin} and {@link #state} of all callbacks, before the
   * model becomes what it was and before the first epoch.
   *
   * @param state what {@link #state()} returned
   * @throws dev.rill.tensor.RillException if it does not fit; training has not begun then
   */
  public void restore(CallbackState state) {}

  /**
   * Lets go of what it holds, such as an open file. Called once at the end of every run, behind {@link #onTrainEnd} and also where a run
   * has failed and there was none. It should not throw, as that would hide why.
   */
  protected void release() {}

  /** Returns the name of its class. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
