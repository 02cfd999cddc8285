package dev.rill.training;

import dev.rill.tensor.RillException;

/** A learning rate that changes with the number of updates so far; Keras' formulas, in double precision. */
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
   * Keras' {@code ExponentialDecay}: {@code rate * decay^(s / steps)}.
   *
   * @param rate at the beginning
   * @param steps updates in which it is multiplied by {@code decay} once
   * @param decay the factor
   * @param staircase whether only whole multiples of {@code steps} count
   * @return the schedule
   */
  static Schedule exponential(double rate, long steps, double decay, boolean staircase) {
    return s -> rate * StrictMath.pow(decay, staircase ? (double) (s / steps) : (double) s / steps);
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
    return s -> rate / (1 + decay * (staircase ? (double) (s / steps) : (double) s / steps));
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
    return s -> {
      double length = cycle && s > 0 ? steps * Math.ceil((double) s / steps) : steps;
      double now = cycle ? s : Math.min(s, steps);
      return (rate - end) * StrictMath.pow(1 - now / length, power) + end;
    };
  }

  /**
   * Keras' {@code PiecewiseConstantDecay}.
   *
   * @param boundaries last update of each rate but the last, ascending
   * @param rates one more than boundaries
   * @return the schedule
   */
  static Schedule piecewise(long[] boundaries, double[] rates) {
    if (rates.length != boundaries.length + 1) {
      throw new RillException("expected one rate more than the " + boundaries.length + " boundaries, got "
          + rates.length);
    }
    long[] ends = boundaries.clone();
    double[] values = rates.clone();
    return s -> {
      int i = 0;
      while (i < ends.length && s > ends[i]) {
        i++;
      }
      return values[i];
    };
  }

  /**
   * Keras' {@code CosineDecay} (Loshchilov and Hutter 2016), with a linear warm-up before it.
   *
   * @param rate at the beginning
   * @param steps updates of the decay
   * @param alpha share of the highest rate at the end
   * @param warmUp rate at the end of the warm-up; ignored without one
   * @param warmUpSteps updates of the warm-up, 0 for none
   * @return the schedule
   */
  static Schedule cosine(double rate, long steps, double alpha, double warmUp, long warmUpSteps) {
    return s -> {
      if (s < warmUpSteps) {
        return rate + (warmUp - rate) * s / warmUpSteps;
      }
      double done = (double) Math.min(s - warmUpSteps, steps) / steps;
      double top = warmUpSteps > 0 ? warmUp : rate;
      return top * ((1 - alpha) * 0.5 * (1 + StrictMath.cos(Math.PI * done)) + alpha);
    };
  }
}
