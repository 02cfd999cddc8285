package dev.rill.training;

import dev.rill.tensor.RillException;
/**
 * Keras' {@code PolynomialDecay}: {@code (rate - end) (1 - s / steps)^power + end} after s updates.
 *
 * @param rate at the beginning
 * @param steps updates until the end
 * @param end rate from then on
 * @param power 1 for a straight line
 * @param cycle whether it begins again, with the next multiple of {@code steps}, instead of staying at {@code end}
 */
public record PolynomialDecay(double rate, long steps, double end, double power, boolean cycle) implements Schedule {
  /**
   * Checks the numbers.
   *
   * @param rate at the beginning
   * @param steps updates until the end
   * @param end rate from then on
   * @param power 1 for a straight line
   * @param cycle whether it begins again, with the next multiple of {@code steps}, instead of staying at {@code end}
   * @throws RillException if they give no schedule
   */
  public PolynomialDecay {
    Decay.check("steps", steps);
  }

  @Override
  public double at(long iteration) {
    double length = cycle && iteration > 0 ? steps * Math.ceil((double) iteration / steps) : steps;
    double done = cycle ? iteration : Math.min(iteration, steps);
    return (rate - end) * Decay.power(1 - done / length, power) + end;
  }
}
