package dev.rill.variables;

import dev.rill.tensor.RillException;

/**
 * No norm below or above a limit: {@code w * (desired / (1e-7 + norm))} with
 * {@code desired = rate * clip(norm, min, max) + (1 - rate) * norm}. Keras' {@code MinMaxNorm}; with a lower limit of 0 and a
 * rate of 1 it is Keras' {@code MaxNorm}.
 *
 * @param min lower limit, not negative
 * @param max upper limit, not below the lower one
 * @param rate how far a norm goes towards its limit in one update, from 0 to 1
 * @param axis along which norms are taken; negative counts from the last one
 */
public record MinMaxNorm(double min, double max, double rate, int axis) implements Constraint {
  /** Checks limits and rate. */
  public MinMaxNorm {
    if (!(min >= 0 && max >= min)) {
      throw new RillException("norm constraint: expected limits of 0 or more, the lower one first, got " + min + " and " + max);
    }
    if (!(rate >= 0 && rate <= 1)) {
      throw new RillException("norm constraint: expected a rate from 0 to 1, got " + rate);
    }
  }

  @Override
  public void check(Weights.Slice slice) {
    NormAxis.check(axis, slice);
  }

  @Override
  public void apply(float[] w, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    NormAxis along = NormAxis.of(axis, slice);
    for (int line = 0; line < along.lines(); line++) {
      int first = slice.at() + along.start(line);
      float norm = along.norm(w, first);
      float factor = desired(norm) / (NormAxis.EPSILON + norm);
      for (int i = 0; i < along.length(); i++) {
        w[first + i * along.stride()] *= factor;
      }
    }
  }

  private float desired(float norm) {
    float clipped = Math.min(Math.max(norm, (float) min), (float) max);
    return rate == 1 ? clipped : (float) rate * clipped + (float) (1 - rate) * norm;
  }
}
