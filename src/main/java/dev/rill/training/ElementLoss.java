package dev.rill.training;

import dev.rill.kernels.Kernels;

/** The mean over a row's elements of a function of target and prediction. */
abstract class ElementLoss extends Loss {
  ElementLoss(String className, String kerasName) {
    super(className, kerasName);
  }

  abstract float value(float y, float p);

  /** The derivative with respect to the prediction. */
  abstract float derivative(float y, float p);

  @Override
  final float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt) {
    double sum = 0;
    float share = scale / width;
    for (int j = 0; j < width; j++) {
      sum += value(y[yAt + j], p[pAt + j]);
      if (g != null) {
        g[gAt + j] = share * derivative(y[yAt + j], p[pAt + j]);
      }
    }
    return (float) (sum / width);
  }
}
