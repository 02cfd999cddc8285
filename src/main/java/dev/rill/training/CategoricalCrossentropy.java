package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.SmoothFunctions;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.RillException;

/**
 * Categorical cross-entropy: {@code -sum(y log p)} for targets that are probabilities of classes. Predictions are divided by
 * their sum and clipped to 1e-7 and 1 − 1e-7 as in Keras; behind a softmax it is computed from the softmax's input.
 */
public final class CategoricalCrossentropy extends Loss {
  private final boolean fromLogits;
  private final double labelSmoothing;
  private final float smoothing;

  /** Describes the loss of probabilities. */
  public CategoricalCrossentropy() {
    this(false, 0);
  }

  /**
   * Describes the loss.
   *
   * @param fromLogits whether predictions are what a softmax would be applied to
   * @param labelSmoothing share s of each target that is spread over all classes: {@code y (1 - s) + s / classes}
   * @throws RillException if the share is not one from 0 to 1
   */
  public CategoricalCrossentropy(boolean fromLogits, double labelSmoothing) {
    super("CategoricalCrossentropy", "categorical_crossentropy");
    this.fromLogits = fromLogits;
    this.labelSmoothing = smoothing(labelSmoothing);
    smoothing = (float) labelSmoothing;
  }

  /**
   * Whether predictions are what a softmax would be applied to.
   *
   * @return false by default
   */
  public boolean fromLogits() {
    return fromLogits;
  }

  /**
   * The share of each target that is spread over all classes.
   *
   * @return 0 by default
   */
  public double labelSmoothing() {
    return labelSmoothing;
  }

  @Override
  boolean fuses(ActivationFunction activation) {
    return activation == ActivationFunction.SOFTMAX;
  }

  private float target(float y, int width) {
    return smoothing == 0 ? y : y * (1 - smoothing) + smoothing / width;
  }

  @Override
  float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt) {
    if (fromLogits) {
      return rowOfLogits(k, y, yAt, p, pAt, width, scale, g, gAt);
    }
    double total = 0;
    for (int j = 0; j < width; j++) {
      total += p[pAt + j];
    }
    float sum = (float) total;
    double value = 0;
    double through = 0;
    for (int j = 0; j < width; j++) {
      float q = p[pAt + j] / sum;
      float t = target(y[yAt + j], width);
      value -= t * Clip.log(q);
      if (g != null) {
        g[gAt + j] = Clip.cuts(q) ? 0 : -t / q;
        through += (double) g[gAt + j] * q;
      }
    }
    for (int j = 0; g != null && j < width; j++) {
      g[gAt + j] = scale * ((g[gAt + j] - (float) through) / sum);
    }
    return (float) value;
  }

  @Override
  float rowOfLogits(Kernels k, float[] y, int yAt, float[] z, int zAt, int width, float scale, float[] g, int gAt) {
    float max = SmoothFunctions.max(z, zAt, width);
    float all = SmoothFunctions.logSumExp(k, z, zAt, width, max, g, gAt);
    double value = 0;
    for (int j = 0; j < width; j++) {
      float t = target(y[yAt + j], width);
      value += (double) t * (all - (z[zAt + j] - max));
      if (g != null) {
        g[gAt + j] = scale * (g[gAt + j] - t);
      }
    }
    return (float) value;
  }
}
