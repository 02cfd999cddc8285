package dev.rill.training;

import dev.rill.tensor.RillException;
/**
 * Keras' {@code InverseTimeDecay}: {@code rate / (1 + decay s / steps)} after s updates.
 *
 * @param rate at the beginning
 * @param steps updates after which {@code decay} counts once
 * @param decay how fast
 * @param staircase whether only whole multiples of {@code steps} count
 */
public record InverseTimeDecay(double rate, long steps, double decay, boolean staircase) implements Schedule {
  /**
   * Checks the numbers.
   *
   * @param rate at the beginning
   * @param steps updates after which {@code decay} counts once
   * @param decay how fast
   * @param staircase whether only whole multiples of {@code steps} count
   * @throws RillException if they give no schedule
   */
  public InverseTimeDecay {
    Decay.check("steps", steps);
  }

  @Override
  public double at(long iteration) {
    return rate / (1 + decay * Decay.of(iteration, steps, staircase));
  }
}
