package dev.rill.training;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A callback made of functions. Setters change this object; what is not set does nothing. */
public final class LambdaCallback extends Callback {
  private Consumer<FitContext> trainBegin = run -> {};
  private BiConsumer<FitContext, Logs> trainEnd = (run, logs) -> {};
  private Consumer<FitContext> epochBegin = run -> {};
  private BiConsumer<FitContext, Logs> epochEnd = (run, logs) -> {};
  private Consumer<FitContext> trainBatchBegin = run -> {};
  private BiConsumer<FitContext, Logs> trainBatchEnd = (run, logs) -> {};

  /** Creates a callback that does nothing. */
  public LambdaCallback() {}

  /**
   * Sets what happens before the first epoch.
   *
   * @param what see {@link Callback#onTrainBegin}
   * @return this
   */
  public LambdaCallback atTrainBegin(Consumer<FitContext> what) {
    trainBegin = what;
    return this;
  }

  /**
   * Sets what happens after the last epoch.
   *
   * @param what see {@link Callback#onTrainEnd}
   * @return this
   */
  public LambdaCallback atTrainEnd(BiConsumer<FitContext, Logs> what) {
    trainEnd = what;
    return this;
  }

  /**
   * Sets what happens before an epoch.
   *
   * @param what see {@link Callback#onEpochBegin}
   * @return this
   */
  public LambdaCallback atEpochBegin(Consumer<FitContext> what) {
    epochBegin = what;
    return this;
  }

  /**
   * Sets what happens after an epoch.
   *
   * @param what see {@link Callback#onEpochEnd}
   * @return this
   */
  public LambdaCallback atEpochEnd(BiConsumer<FitContext, Logs> what) {
    epochEnd = what;
    return this;
  }

  /**
   * Sets what happens before an update.
   *
   * @param what see {@link Callback#onTrainBatchBegin}
   * @return this
   */
  public LambdaCallback atTrainBatchBegin(Consumer<FitContext> what) {
    trainBatchBegin = what;
    return this;
  }

  /**
   * Sets what happens after an update.
   *
   * @param what see {@link Callback#onTrainBatchEnd}
   * @return this
   */
  public LambdaCallback atTrainBatchEnd(BiConsumer<FitContext, Logs> what) {
    trainBatchEnd = what;
    return this;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    trainBegin.accept(run);
  }

  @Override
  public void onTrainEnd(FitContext run, Logs logs) {
    trainEnd.accept(run, logs);
  }

  @Override
  public void onEpochBegin(FitContext run) {
    epochBegin.accept(run);
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    epochEnd.accept(run, logs);
  }

  @Override
  public void onTrainBatchBegin(FitContext run) {
    trainBatchBegin.accept(run);
  }

  @Override
  public void onTrainBatchEnd(FitContext run, Logs logs) {
    trainBatchEnd.accept(run, logs);
  }
}
