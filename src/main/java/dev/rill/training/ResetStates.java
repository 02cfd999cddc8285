package dev.rill.training;

import dev.rill.tensor.Require;

/** Sets the states of a model to zero as training goes on: where sequences end that Keras would let run into each other. */
public final class ResetStates extends Callback {
  /** 0 for each epoch's start alone. */
  private final int batches;

  private ResetStates(int batches) {
    this.batches = batches;
  }

  /**
   * Resets before each epoch.
   *
   * @return a callback
   */
  public static ResetStates everyEpoch() {
    return new ResetStates(0);
  }

  /**
   * Resets before each epoch and, in it, after every so many batches.
   *
   * @param count how many batches a sequence takes
   * @return a callback
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public static ResetStates everyBatches(int count) {
    return new ResetStates(Require.atLeast(count, 1, "batches of a sequence"));
  }

  @Override
  public void onTrainBatchBegin(FitContext run) {
    if (batches == 0 ? run.batch() == 0 : run.batch() % batches == 0) {
      run.trainee().resetStates();
    }
  }
}
