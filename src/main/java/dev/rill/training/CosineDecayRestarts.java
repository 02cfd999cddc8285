package dev.rill.training;

import dev.rill.tensor.RillException;

/**
 * Keras' {@code CosineDecayRestarts} (Loshchilov and Hutter 2016): cosine decays one after the other, each longer and lower.
 *
 * @param rate at the beginning
 * @param firstSteps updates of the first decay
 * @param stretch how much longer each decay is than the one before it, at least 1; Keras' {@code t_mul}, 2 by default
 * @param shrink the factor of the highest rate from each decay to the next; Keras' {@code m_mul}, 1 by default
 * @param alpha share of the first rate that is never gone below, 0 by default
 */
public record CosineDecayRestarts(double rate, long firstSteps, double stretch, double shrink, double alpha) implements Schedule {
  /**
   * Checks the numbers.
   *
   * @param rate at the beginning
   * @param firstSteps updates of the first decay
   * @param stretch how much longer each decay is than the one before it, at least 1; Keras' {@code t_mul}, 2 by default
   * @param shrink the factor of the highest rate from each decay to the next; Keras' {@code m_mul}, 1 by default
   * @param alpha share of the first rate that is never gone below, 0 by default
   * @throws RillException if they give no schedule
   */
  public CosineDecayRestarts {
    Decay.check("firstSteps", firstSteps);
    if (!(stretch >= 1)) {
      throw new RillException("expected decays that become no shorter, a stretch of at least 1, got " + stretch);
    }
    if (!(shrink >= 0)) {
      throw new RillException("expected a shrink of at least 0, got " + shrink);
    }
  }

  /**
   * Describes it with Keras' defaults: each decay twice as long as the one before it and as high, down to 0.
   *
   * @param rate at the beginning
   * @param firstSteps updates of the first decay
   */
  public CosineDecayRestarts(double rate, long firstSteps) {
    this(rate, firstSteps, 2, 1, 0);
  }

  @Override
  public double at(long iteration) {
    double done = (double) iteration / firstSteps;
    double restarts;
    if (stretch == 1) {
      restarts = Math.floor(done);
      done -= restarts;
    } else {
      // Counted rather than taken from a logarithm, which is off by one where a decay ends.
      restarts = 0;
      double length = 1;
      for (; done >= length; restarts++) {
        done -= length;
        length *= stretch;
      }
      done /= length;
    }
    double cosine = 0.5 * Decay.power(shrink, restarts) * (1 + Decay.cosine(done));
    return rate * ((1 - alpha) * cosine + alpha);
  }
}
