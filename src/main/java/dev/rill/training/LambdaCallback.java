package dev.rill.training;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A callback made of functions. Setters change this object; what is not set does nothing. */
public final class LambdaCallback extends Callback {
  private Consumer<Run> trainBegin = run -> {};
  private BiConsumer<Run, Logs> trainEnd = (run, logs) -> {};
  private Consumer<Run> epochBegin = run -> {};
  private BiConsumer<Run, Logs> epochEnd = (run, logs) -> {};
  private Consumer<Run> trainBatchBegin = run -> {};
  private BiConsumer<Run, Logs> trainBatchEnd = (run, logs) -> {};

  /** Creates a callback that does nothing. */
  public LambdaCallback() {}

  /**
   * Sets what happens before the first epoch.
   *
   * @param what see {@link Callback#onTrainBegin}
   * @return this
   */
  public LambdaCallback atTrainBegin(Consumer<Run> what) {
    trainBegin = what;
    return this;
  }

  /**
   * Sets what happens after the last epoch.
   *
   * @param what see {@link Callback#onTrainEnd}
   * @return this
   */
  public LambdaCallback atTrainEnd(BiConsumer<Run, Logs> what) {
    trainEnd = what;
    return this;
  }

  /**
   * Sets what happens before an epoch.
   *
   * @param what see {@link Callback#onEpochBegin}
   * @return this
   */
  public LambdaCallback atEpochBegin(Consumer<Run> what) {
    epochBegin = what;
    return this;
  }

  /**
   * Sets what happens after an epoch.
   *
   * @param what see {@link Callback#onEpochEnd}
   * @return this
   */
  public LambdaCallback atEpochEnd(BiConsumer<Run, Logs> what) {
    epochEnd = what;
    return this;
  }

  /**
   * Sets what happens before an update.
   *
   * @param what see {@link Callback#onTrainBatchBegin}
   * @return this
   */
  public LambdaCallback atTrainBatchBegin(Consumer<Run> what) {
    trainBatchBegin = what;
    return this;
  }

  /**
   * Sets what happens after an update.
   *
   * @param what see {@link Callback#onTrainBatchEnd}
   * @return this
   */
  public LambdaCallback atTrainBatchEnd(BiConsumer<Run, Logs> what) {
    trainBatchEnd = what;
    return this;
  }

  @Override
  public void onTrainBegin(Run run) {
    trainBegin.accept(run);
  }

  @Override
  public void onTrainEnd(Run run, Logs logs) {
    trainEnd.accept(run, logs);
  }

  @Override
  public void onEpochBegin(Run run) {
    epochBegin.accept(run);
  }

  @Override
  public void onEpochEnd(Run run, Logs logs) {
    epochEnd.accept(run, logs);
  }

  @Override
  public void onTrainBatchBegin(Run run) {
    trainBatchBegin.accept(run);
  }

  @Override
  public void onTrainBatchEnd(Run run, Logs logs) {
    trainBatchEnd.accept(run, logs);
  }
}
