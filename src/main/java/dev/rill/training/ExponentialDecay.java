package dev.rill.training;

import dev.rill.tensor.RillException;
/**
 * Keras' {@code ExponentialDecay}: {@code rate * decay^(s / steps)} after s updates.
 *
 * @param rate at the beginning
 * @param steps updates in which the rate is multiplied by {@code decay} once
 * @param decay the factor
 * @param staircase whether only whole multiples of {@code steps} count
 */
public record ExponentialDecay(double rate, long steps, double decay, boolean staircase) implements Schedule {
  /**
   * Checks the numbers.
   *
   * @param rate at the beginning
   * @param steps updates in which the rate is multiplied by {@code decay} once
   * @param decay the factor
   * @param staircase whether only whole multiples of {@code steps} count
   * @throws RillException if they give no schedule
   */
  public ExponentialDecay {
    Decay.check("steps", steps);
    if (!(decay >= 0)) {
      throw new RillException("expected a decay of at least 0, got " + decay);
    }
  }

  @Override
  public double at(long iteration) {
    return rate * Decay.power(decay, Decay.of(iteration, steps, staircase));
  }
}
