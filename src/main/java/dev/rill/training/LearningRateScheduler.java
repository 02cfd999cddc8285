package dev.rill.training;

/** Sets the learning rate before each epoch, and logs it as {@code learning_rate}. */
public final class LearningRateScheduler extends Callback {
  /** The rate of an epoch. */
  @FunctionalInterface
  public interface Rule {
    /**
     * The rate of one epoch.
     *
     * @param epoch its number, from 0
     * @param rate the rate so far
     * @return the rate from now on
     */
    double rate(int epoch, double rate);
  }

  private final Rule rule;

  /**
   * Sets rates by a rule.
   *
   * @param rule from the epoch and the rate so far to the rate
   */
  public LearningRateScheduler(Rule rule) {
    this.rule = rule;
  }

  @Override
  public void onEpochBegin(FitContext run) {
    run.trainee().learningRate(rule.rate(run.epoch(), run.trainee().learningRate()));
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    logs.put("learning_rate", run.trainee().learningRate());
  }
}
