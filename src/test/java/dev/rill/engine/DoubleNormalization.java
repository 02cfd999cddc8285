package dev.rill.engine;

import dev.rill.layers.BatchNormalization;
import dev.rill.layers.NormalizationLayer;

/** Batch and layer normalization in double precision. */
record DoubleNormalization(NormalizationLayer<?> layer, boolean batchMoments, Weight weight) {
  /** An element of a variable. */
  interface Weight {
    double of(int variable, int element);
  }

  DoubleNetwork.Values of(DoubleNetwork.Values x) {
    int width = x.width();
    double[] y = new double[x.data().length];
    int beta = layer.scale() ? 1 : 0;
    int mean = beta + (layer.center() ? 1 : 0);
    for (int i = 0; i < y.length; i++) {
      int j = i % width;
      double[] moments = layer instanceof BatchNormalization
          ? batchMoments ? moments(x, j, width, y.length) : new double[] {weight.of(mean, j), weight.of(mean + 1, j)}
          : moments(x, i - j, 1, i - j + width);
      double normalized = (x.data()[i] - moments[0]) / Math.sqrt(moments[1] + layer.epsilon());
      y[i] = normalized * (layer.scale() ? weight.of(0, j) : 1) + (layer.center() ? weight.of(beta, j) : 0);
    }
    return x.with(y, width);
  }

  /** Mean and variance of some elements, of steps that count only where they are taken over steps. */
  private static double[] moments(DoubleNetwork.Values x, int from, int by, int to) {
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (int pass = 0; pass < 2; pass++) {
      double mean = n == 0 ? 0 : sum / n;
      n = 0;
      for (int i = from; i < to; i += by) {
        if (by == 1 || x.keep() == null || x.keep()[i / x.width()]) {
          n++;
          sum += pass == 0 ? x.data()[i] : 0;
          squares += pass == 0 ? 0 : (x.data()[i] - mean) * (x.data()[i] - mean);
        }
      }
    }
    return new double[] {sum / n, squares / n};
  }
}
