package dev.rill.variables;

import dev.rill.tensor.RillException;

/**
 * Adds {@code l1 * sum |w| + l2 * sum w^2} to the loss: Keras' {@code L1}, {@code L2} and {@code L1L2}. Factors are rounded to
 * float, as there.
 *
 * @param l1 factor of the absolute values, not negative
 * @param l2 factor of the squares, not negative
 */
public record L1L2(double l1, double l2) implements Regularizer {
  /** Checks the factors. */
  public L1L2 {
    checkFactor(l1);
    checkFactor(l2);
  }

  static void checkFactor(double factor) {
    if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new RillException("regularizer: expected a factor of 0 or more, got " + factor);
    }
  }

  @Override
  public float value(float[] w, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    double absolute = 0;
    double squares = 0;
    for (int i = slice.at(); i < slice.at() + slice.size(); i++) {
      absolute += Math.abs(w[i]);
      squares += (double) w[i] * w[i];
    }
    return (float) ((l1 == 0 ? 0 : (float) l1 * absolute) + (l2 == 0 ? 0 : (float) l2 * squares));
  }

  @Override
  public void addGradient(float[] w, float[] g, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    Weights.Slice.check(slice, g);
    int to = slice.at() + slice.size();
    float slope = (float) l1;
    float twice = 2 * (float) l2;
    for (int i = slice.at(); slope != 0 && i < to; i++) {
      // The last branch keeps 0 and NaN.
      g[i] += w[i] > 0 ? slope : w[i] < 0 ? -slope : w[i];
    }
    for (int i = slice.at(); twice != 0 && i < to; i++) {
      g[i] += twice * w[i];
    }
  }
}
