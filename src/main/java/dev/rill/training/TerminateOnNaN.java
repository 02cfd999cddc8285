package dev.rill.training;

import dev.rill.tensor.RillException;

/** Ends training when the loss of the epoch so far is NaN or infinite. */
public final class TerminateOnNaN extends Callback {
  private final boolean raise;

  /** Ends training as {@link FitContext#stop()} does. */
  public TerminateOnNaN() {
    this(false);
  }

  /**
   * Ends training.
   *
   * @param raise whether by an exception, so that no callback is told of an end
   */
  public TerminateOnNaN(boolean raise) {
    this.raise = raise;
  }

  @Override
  public void onTrainBatchEnd(FitContext run, Logs logs) {
    double loss = logs.has("loss") ? logs.get("loss") : 0;
    if (Double.isNaN(loss) || Double.isInfinite(loss)) {
      String what = "the loss is " + loss + " after batch " + run.batch() + " of epoch " + run.epoch();
      if (raise) {
        throw new RillException(what + ": lower the learning rate, or clip gradients");
      }
      System.getLogger("dev.rill").log(System.Logger.Level.WARNING, what + ": training ends");
      run.stop();
    }
  }
}
