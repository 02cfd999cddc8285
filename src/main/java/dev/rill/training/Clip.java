package dev.rill.training;

import dev.rill.kernels.SmoothFunctions;

/** Probabilities kept away from 0 and 1, as Keras' cross-entropies keep them. */
final class Clip {
  private static final float LOW = Loss.EPSILON;
  private static final float HIGH = 1 - Loss.EPSILON;

  private Clip() {}

  static float of(float p) {
    return p < LOW ? LOW : p > HIGH ? HIGH : p;
  }

  /** Whether a probability is clipped, so that its gradient is 0. */
  static boolean cuts(float p) {
    return p < LOW || p > HIGH;
  }

  static float log(float p) {
    return SmoothFunctions.log(of(p));
  }
}
