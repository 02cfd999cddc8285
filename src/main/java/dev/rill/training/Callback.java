package dev.rill.training;

/**
 * Something that is told how training goes and may steer it. All methods do nothing unless overridden; callbacks are told in
 * the order in which they were given. One is for one {@code fit} at a time, and begins the next as new where nothing else is
 * said.
 */
public abstract class Callback {
  /** Creates a callback. */
  protected Callback() {}

  /**
   * Before the first epoch; nothing has changed yet.
   *
   * @param run what it may look at and steer
   */
  public void onTrainBegin(Run run) {}

  /**
   * After the last epoch.
   *
   * @param run what it may look at
   * @param logs those of the last epoch; empty if none ran
   */
  public void onTrainEnd(Run run, Logs logs) {}

  /**
   * Before an epoch.
   *
   * @param run what it may look at and steer
   */
  public void onEpochBegin(Run run) {}

  /**
   * After an epoch and its validation.
   *
   * @param run what it may look at and steer
   * @param logs loss and metrics, those of validation under {@code val_}; what it puts in, later callbacks and the history see
   */
  public void onEpochEnd(Run run, Logs logs) {}

  /**
   * Before an update.
   *
   * @param run what it may look at and steer
   */
  public void onTrainBatchBegin(Run run) {}

  /**
   * After an update.
   *
   * @param run what it may look at and steer
   * @param logs loss and metrics of the epoch so far; valid during the call
   */
  public void onTrainBatchEnd(Run run, Logs logs) {}

  /**
   * Before validation or evaluation.
   *
   * @param run what it may look at
   */
  public void onTestBegin(Run run) {}

  /**
   * After validation or evaluation.
   *
   * @param run what it may look at
   * @param logs loss and metrics; valid during the call
   */
  public void onTestEnd(Run run, Logs logs) {}

  /**
   * Before a batch of validation or evaluation.
   *
   * @param run what it may look at
   */
  public void onTestBatchBegin(Run run) {}

  /**
   * After a batch of validation or evaluation.
   *
   * @param run what it may look at
   * @param logs loss and metrics of the test so far; valid during the call
   */
  public void onTestBatchEnd(Run run, Logs logs) {}
}
