package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;

/**
 * What an optimizer remembers: the number of updates, the learning rate, and some floats a weight. For one thread, and those that
 * share an update with it.
 */
public final class OptimizerState {
  final float[][] slots;
  private final Schedule schedule;
  private long iterations;
  private float rate;
  float product = 1;

  OptimizerState(float[][] slots, double rate, Schedule schedule) {
    this.slots = slots;
    this.schedule = schedule;
    this.rate = (float) rate;
  }

  /**
   * Number of updates so far.
   *
   * @return 0 at first
   */
  public long iterations() {
    return iterations;
  }

  /**
   * The rate of the next update.
   *
   * @return a float32, as Keras keeps it
   */
  public double learningRate() {
    return schedule == null ? rate : (float) schedule.at(iterations);
  }

  /**
   * Sets the rate.
   *
   * @param learningRate from the next update on
   * @throws RillException if a schedule gives the rate, or if it is below 0
   */
  public void learningRate(double learningRate) {
    if (schedule != null) {
      throw new RillException("the learning rate follows a schedule: it cannot be set");
    }
    rate = (float) Optimizer.notNegative("a learning rate", learningRate);
  }

  /**
   * Goes on from some number of updates.
   *
   * @param updates so far
   * @throws RillException if it is below 0
   */
  public void iterations(long updates) {
    if (updates < 0) {
      throw new RillException("expected a number of updates of at least 0, got " + updates);
    }
    iterations = updates;
  }

  /**
   * What the optimizer remembers of every weight.
   *
   * @param index of one of {@link Optimizer#slots()}
   * @return the array itself, laid out as the weights
   */
  public float[] slot(int index) {
    return slots[Require.index(index, slots.length, "slot")];
  }

  /**
   * Nadam's product of the momentum's coefficients so far.
   *
   * @return 1 at first, and for every other optimizer
   */
  public float product() {
    return product;
  }

  /**
   * Sets Nadam's product.
   *
   * @param value of all coefficients so far
   */
  public void product(float value) {
    product = value;
  }

  /** What {@link Checkpoint} keeps. */
  float rate() {
    return rate;
  }

  /** Goes on from a checkpoint of the same optimizer. */
  void resume(Checkpoint.Counters counters, float[][] values) {
    iterations = counters.iterations();
    rate = counters.rate();
    product = counters.product();
    for (int slot = 0; slot < slots.length; slot++) {
      System.arraycopy(values[slot], 0, slots[slot], 0, slots[slot].length);
    }
  }

  void advance() {
    iterations++;
  }

  /** Returns how many updates there have been and the rate. */
  @Override
  public String toString() {
    return iterations() + " updates, learning rate " + learningRate();
  }
}
