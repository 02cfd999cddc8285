package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.SmoothFunctions;

/** The divergence of Kullback and Leibler (1951): {@code sum(y log(y / p))}, both clipped to 1e-7 and 1. */
public final class KLDivergence extends Loss {
  /** Describes the loss. */
  public KLDivergence() {
    super("KLDivergence", "kl_divergence");
  }

  @Override
  float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      float t = Math.min(Math.max(y[yAt + j], EPSILON), 1);
      float q = Math.min(Math.max(p[pAt + j], EPSILON), 1);
      sum += t * SmoothFunctions.log(t / q);
      if (g != null) {
        g[gAt + j] = p[pAt + j] < EPSILON || p[pAt + j] > 1 ? 0 : scale * -(t / q);
      }
    }
    return (float) sum;
  }
}
