package dev.rill.training;

import dev.rill.tensor.RillException;
import java.util.OptionalDouble;

/**
 * Lowers the learning rate when a figure gets no better, by the rules of Keras' {@code ReduceLROnPlateau}; logs the rate before
 * that as {@code learning_rate}. If an epoch has no such figure, it does not count and a warning is logged. Setters change this
 * object.
 */
public final class ReduceOnPlateau extends Callback {
  private static final String NAME = "reduction of the learning rate";

  private final Monitor monitor;
  private double factor = 0.1;
  private int patience = 10;
  private int cooldown;
  private double minRate;
  private int cooling;
  private int wait;
  private OptionalDouble best = OptionalDouble.empty();

  /** Watches {@code val_loss}. */
  public ReduceOnPlateau() {
    this("val_loss");
  }

  /**
   * Watches a figure.
   *
   * @param figure its name in the logs
   */
  public ReduceOnPlateau(String figure) {
    monitor = new Monitor(figure);
    monitor.minDelta(1e-4);
  }

  /**
   * Sets by what the rate is multiplied.
   *
   * @param value below 1; 0.1 by default
   * @return this
   * @throws RillException if it is not
   */
  public ReduceOnPlateau factor(double value) {
    if (!(value < 1)) {
      throw new RillException("expected a factor below 1, got " + value);
    }
    factor = value;
    return this;
  }

  /**
   * Sets how many epochs without a better value lower the rate.
   *
   * @param epochs 10 by default
   * @return this
   */
  public ReduceOnPlateau patience(int epochs) {
    patience = epochs;
    return this;
  }

  /**
   * Sets which values are better.
   *
   * @param mode by the figure's name by default
   * @return this
   */
  public ReduceOnPlateau mode(Mode mode) {
    monitor.mode(mode);
    return this;
  }

  /**
   * Sets by how much a value has to be better.
   *
   * @param delta 0.0001 by default
   * @return this
   */
  public ReduceOnPlateau minDelta(double delta) {
    monitor.minDelta(delta);
    return this;
  }

  /**
   * Sets how many epochs after a reduction do not count.
   *
   * @param epochs 0 by default
   * @return this
   */
  public ReduceOnPlateau cooldown(int epochs) {
    cooldown = epochs;
    return this;
  }

  /**
   * Sets the least rate.
   *
   * @param rate 0 by default
   * @return this
   */
  public ReduceOnPlateau minRate(double rate) {
    minRate = rate;
    return this;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    monitor.begin(run.trainee(), NAME);
    cooling = 0;
    wait = 0;
    best = OptionalDouble.empty();
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    double rate = run.trainee().learningRate();
    logs.put("learning_rate", rate);
    OptionalDouble current = monitor.value(logs, NAME);
    if (current.isEmpty()) {
      return;
    }
    if (cooling > 0) {
      cooling--;
      wait = 0;
    }
    if (monitor.improves(current.getAsDouble(), best)) {
      best = current;
      wait = 0;
    } else if (cooling == 0 && ++wait >= patience && (float) rate > (float) minRate) {
      run.trainee().learningRate(Math.max(rate * factor, minRate));
      cooling = cooldown;
      wait = 0;
    }
  }

  @Override
  public CallbackState state() {
    return monitor.state(best).put("wait", wait).put("cooling", cooling);
  }

  @Override
  public void restore(CallbackState state) {
    best = monitor.best(state, NAME);
    wait = state.integer("wait");
    cooling = state.integer("cooling");
  }
}
