package dev.rill.training;

import dev.rill.kernels.Kernels;

/** The negative cosine of the angle between targets and predictions: from −1, alike, to 1. A row of zeros gives 0. */
public final class CosineSimilarity extends Loss {
  /** Describes the loss. */
  public CosineSimilarity() {
    super("CosineSimilarity", "cosine_similarity");
  }

  @Override
  float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt) {
    double yy = 0;
    double pp = 0;
    double yp = 0;
    for (int j = 0; j < width; j++) {
      yy += (double) y[yAt + j] * y[yAt + j];
      pp += (double) p[pAt + j] * p[pAt + j];
      yp += (double) y[yAt + j] * p[pAt + j];
    }
    double yNorm = Math.min(1 / Math.sqrt(yy), 1 / EPSILON);
    double pNorm = 1 / Math.sqrt(pp);
    boolean clipped = pNorm > 1 / EPSILON;
    pNorm = clipped ? 1 / EPSILON : pNorm;
    if (g != null) {
      for (int j = 0; j < width; j++) {
        double along = clipped ? 0 : yp * pNorm * pNorm * p[pAt + j];
        g[gAt + j] = (float) (-scale * yNorm * pNorm * (y[yAt + j] - along));
      }
    }
    return (float) -(yp * yNorm * pNorm);
  }
}
