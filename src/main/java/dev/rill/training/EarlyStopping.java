package dev.rill.training;

import java.util.OptionalDouble;

/**
 * Ends training when a figure gets no better, by Keras' rules. If an epoch has no such figure, it does not count and a warning is
 * logged. Setters change this object.
 */
public final class EarlyStopping extends Callback {
  private static final String NAME = "early stopping";
  private static final String BEST_WEIGHTS = "best weights";

  private final Monitor monitor;
  private int patience;
  private OptionalDouble baseline = OptionalDouble.empty();
  private boolean restoreBestWeights;
  private int startFromEpoch;
  private int wait;
  private int stoppedEpoch;
  private int bestEpoch;
  private OptionalDouble best = OptionalDouble.empty();
  private float[] bestWeights;

  /** Watches {@code val_loss}. */
  public EarlyStopping() {
    this("val_loss");
  }

  /**
   * Watches a figure.
   *
   * @param figure its name in the logs
   */
  public EarlyStopping(String figure) {
    monitor = new Monitor(figure);
  }

  /**
   * Sets which values are better.
   *
   * @param mode by the figure's name by default
   * @return this
   */
  public EarlyStopping mode(Mode mode) {
    monitor.mode(mode);
    return this;
  }

  /**
   * Sets by how much a value has to be better.
   *
   * @param delta 0 by default
   * @return this
   */
  public EarlyStopping minDelta(double delta) {
    monitor.minDelta(delta);
    return this;
  }

  /**
   * Sets how many epochs without a better value end training.
   *
   * @param epochs 0 by default: the first one
   * @return this
   */
  public EarlyStopping patience(int epochs) {
    patience = epochs;
    return this;
  }

  /**
   * Sets a value that has to be beaten: until then epochs count as none better, whatever they beat each other by.
   *
   * @param value none by default
   * @return this
   */
  public EarlyStopping baseline(double value) {
    baseline = OptionalDouble.of(value);
    return this;
  }

  /**
   * Sets whether training ends with the weights of the best epoch, however training ends.
   *
   * @param on false by default; costs a copy of the weights for each better epoch
   * @return this
   */
  public EarlyStopping restoreBestWeights(boolean on) {
    restoreBestWeights = on;
    return this;
  }

  /**
   * Sets how many epochs pass before any is looked at.
   *
   * @param epoch number of the first one, 0 by default
   * @return this
   */
  public EarlyStopping startFromEpoch(int epoch) {
    startFromEpoch = epoch;
    return this;
  }

  /**
   * The epoch after which training was ended.
   *
   * @return its number; 0 if training was not ended by this
   */
  public int stoppedEpoch() {
    return stoppedEpoch;
  }

  /**
   * The best epoch so far.
   *
   * @return its number; 0 before any
   */
  public int bestEpoch() {
    return bestEpoch;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    monitor.begin(run.trainee(), NAME);
    wait = 0;
    stoppedEpoch = 0;
    bestEpoch = 0;
    best = OptionalDouble.empty();
    bestWeights = null;
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    OptionalDouble current = monitor.value(logs, NAME);
    if (current.isEmpty() || run.epoch() < startFromEpoch) {
      return;
    }
    wait++;
    if (monitor.improves(current.getAsDouble(), best)) {
      best = current;
      bestEpoch = run.epoch();
      if (restoreBestWeights) {
        bestWeights = run.trainee().weights();
      }
      if (baseline.isEmpty() || monitor.improves(current.getAsDouble(), baseline)) {
        wait = 0;
      }
    } else if (wait >= patience && run.epoch() > 0) {
      stoppedEpoch = run.epoch();
      run.stop();
    }
  }

  @Override
  public void onTrainEnd(FitContext run, Logs logs) {
    if (bestWeights != null) {
      run.trainee().weights(bestWeights);
      bestWeights = null;
    }
  }

  @Override
  public CallbackState state() {
    CallbackState state = monitor.state(best).put("wait", wait).put("stopped epoch", stoppedEpoch).put("best epoch", bestEpoch);
    return bestWeights == null ? state : state.put(BEST_WEIGHTS, bestWeights);
  }

  @Override
  public void restore(CallbackState state) {
    best = monitor.best(state, NAME);
    wait = state.integer("wait");
    stoppedEpoch = state.integer("stopped epoch");
    bestEpoch = state.integer("best epoch");
    bestWeights = restoreBestWeights && state.has(BEST_WEIGHTS) ? state.floats(BEST_WEIGHTS) : null;
  }
}
