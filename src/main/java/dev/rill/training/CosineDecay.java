package dev.rill.training;

import dev.rill.tensor.RillException;

/**
 * Keras' {@code CosineDecay} (Loshchilov and Hutter 2016), with a linear warm-up before it or without.
 *
 * @param rate at the beginning
 * @param steps updates of the decay
 * @param alpha share of the highest rate at the end
 * @param warmUp rate at the end of the warm-up and the beginning of the decay; null for none: the decay begins at {@code rate}
 * @param warmUpSteps updates of the warm-up; they do not count without a target
 */
public record CosineDecay(double rate, long steps, double alpha, Double warmUp, long warmUpSteps) implements Schedule {
  /**
   * Checks the numbers.
   *
   * @param rate at the beginning
   * @param steps updates of the decay
   * @param alpha share of the highest rate at the end
   * @param warmUp rate at the end of the warm-up and the beginning of the decay; null for none: the decay begins at {@code rate}
   * @param warmUpSteps updates of the warm-up; they do not count without a target
   * @throws RillException if they give no schedule
   */
  public CosineDecay {
    Decay.check("steps", steps);
    if (warmUpSteps < 0) {
      throw new RillException("expected warmUpSteps of at least 0, got " + warmUpSteps);
    }
  }

  /**
   * Describes a decay to 0 without a warm-up.
   *
   * @param rate at the beginning
   * @param steps updates of the decay
   */
  public CosineDecay(double rate, long steps) {
    this(rate, steps, 0, null, 0);
  }

  private double decayed(double top, long iteration) {
    double done = (double) Math.min(iteration, steps) / steps;
    return top * ((1 - alpha) * 0.5 * (1 + Decay.cosine(done)) + alpha);
  }

  @Override
  public double at(long iteration) {
    if (warmUp == null) {
      return decayed(rate, iteration);
    }
    return iteration < warmUpSteps ? rate + (warmUp - rate) * iteration / warmUpSteps : decayed(warmUp, iteration - warmUpSteps);
  }
}
