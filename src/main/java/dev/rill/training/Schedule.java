package dev.rill.training;

import dev.rill.tensor.Require;
import java.util.Arrays;

/**
 * A learning rate that changes with the number of updates so far; Keras' formulas, in double precision. The records tell
 * their numbers; any other function is a schedule, too, but no file can hold it.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * The rate of one update.
   *
   * @param iteration number of updates before it
   * @return the learning rate
   */
  double at(long iteration);

  /**
   * A rate that does not change.
   *
   * @param rate the rate
   * @return the schedule
   */
  static Schedule constant(double rate) {
    return iteration -> rate;
  }

  /**
   * Keras' {@code ExponentialDecay}: {@code rate * decay^(s / steps)}.
   *
   * @param rate at the beginning
   * @param steps updates in which it is multiplied by {@code decay} once
   * @param decay the factor
   * @param staircase whether only whole multiples of {@code steps} count
   * @return the schedule
   */
  static Schedule exponential(double rate, long steps, double decay, boolean staircase) {
    return new ExponentialDecay(rate, steps, decay, staircase);
  }

  /**
   * Keras' {@code InverseTimeDecay}: {@code rate / (1 + decay s / steps)}.
   *
   * @param rate at the beginning
   * @param steps updates
   * @param decay how fast
   * @param staircase whether only whole multiples of {@code steps} count
   * @return the schedule
   */
  static Schedule inverseTime(double rate, long steps, double decay, boolean staircase) {
    return new InverseTimeDecay(rate, steps, decay, staircase);
  }

  /**
   * Keras' {@code PolynomialDecay}: {@code (rate - end) (1 - s / steps)^power + end}.
   *
   * @param rate at the beginning
   * @param steps updates until the end
   * @param end rate from then on
   * @param power 1 for a straight line
   * @param cycle whether it begins again, with the next multiple of {@code steps}, instead of staying at {@code end}
   * @return the schedule
   */
  static Schedule polynomial(double rate, long steps, double end, double power, boolean cycle) {
    return new PolynomialDecay(rate, steps, end, power, cycle);
  }

  /**
   * Keras' {@code PiecewiseConstantDecay}.
   *
   * @param boundaries last update of each rate but the last, ascending
   * @param rates one more than boundaries
   * @return the schedule
   */
  static Schedule piecewise(long[] boundaries, double[] rates) {
    Require.given(boundaries, "the boundaries");
    Require.given(rates, "the rates");
    return new PiecewiseConstantDecay(Arrays.stream(boundaries).boxed().toList(), Arrays.stream(rates).boxed().toList());
  }

  /**
   * Keras' {@code CosineDecay} (Loshchilov and Hutter 2016) with its defaults: down to 0, no warm-up.
   *
   * @param rate at the beginning
   * @param steps updates of the decay
   * @return the schedule
   */
  static Schedule cosine(double rate, long steps) {
    return cosine(rate, steps, 0, null, 0);
  }

  /**
   * Keras' {@code CosineDecay} (Loshchilov and Hutter 2016), with a linear warm-up before it.
   *
   * @param rate at the beginning
   * @param steps updates of the decay
   * @param alpha share of the highest rate at the end
   * @param warmUp rate at the end of the warm-up, from which the decay starts; null for none
   * @param warmUpSteps updates of the warm-up; they do not count without a target
   * @return the schedule
   */
  static Schedule cosine(double rate, long steps, double alpha, Double warmUp, long warmUpSteps) {
    return new CosineDecay(rate, steps, alpha, warmUp, warmUpSteps);
  }

  /**
   * Keras' {@code CosineDecayRestarts}: cosine decays one after the other.
   *
   * @param rate at the beginning
   * @param firstSteps updates of the first decay
   * @param stretch how much longer each decay is than the one before it, at least 1
   * @param shrink the factor of the highest rate from each decay to the next
   * @param alpha share of the first rate that is never gone below
   * @return the schedule
   */
  static Schedule cosineRestarts(double rate, long firstSteps, double stretch, double shrink, double alpha) {
    return new CosineDecayRestarts(rate, firstSteps, stretch, shrink, alpha);
  }
}
