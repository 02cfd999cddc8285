package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.SmoothFunctions;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.RillException;

/**
 * Binary cross-entropy: {@code -mean(y log p + (1 - y) log(1 - p))}, predictions clipped to 1e-7 and 1 − 1e-7 as in Keras;
 * behind a sigmoid it is computed from the sigmoid's input.
 */
public final class BinaryCrossentropy extends Loss {
  private final boolean fromLogits;
  private final double labelSmoothing;
  private final float smoothing;

  /** Describes the loss of probabilities. */
  public BinaryCrossentropy() {
    this(false, 0);
  }

  /**
   * Describes the loss.
   *
   * @param fromLogits whether predictions are what a sigmoid would be applied to
   * @param labelSmoothing share s of each target that is moved to 0.5: {@code y (1 - s) + s / 2}
   * @throws RillException if the share is not one from 0 to 1
   */
  public BinaryCrossentropy(boolean fromLogits, double labelSmoothing) {
    super("BinaryCrossentropy", "binary_crossentropy");
    this.fromLogits = fromLogits;
    this.labelSmoothing = smoothing(labelSmoothing);
    smoothing = (float) labelSmoothing;
  }

  /**
   * Whether predictions are what a sigmoid would be applied to.
   *
   * @return false by default
   */
  public boolean fromLogits() {
    return fromLogits;
  }

  /**
   * The share of each target that is moved to 0.5.
   *
   * @return 0 by default
   */
  public double labelSmoothing() {
    return labelSmoothing;
  }

  @Override
  boolean fuses(ActivationFunction activation) {
    return activation == ActivationFunction.SIGMOID;
  }

  private float target(float y) {
    return smoothing == 0 ? y : y * (1 - smoothing) + 0.5f * smoothing;
  }

  @Override
  float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt) {
    if (fromLogits) {
      return rowOfLogits(k, y, yAt, p, pAt, width, scale, g, gAt);
    }
    double sum = 0;
    float share = scale / width;
    for (int j = 0; j < width; j++) {
      float t = target(y[yAt + j]);
      float q = Clip.of(p[pAt + j]);
      sum -= t * SmoothFunctions.log(q) + (1 - t) * SmoothFunctions.log(1 - q);
      if (g != null) {
        g[gAt + j] = Clip.cuts(p[pAt + j]) ? 0 : share * ((1 - t) / (1 - q) - t / q);
      }
    }
    return (float) (sum / width);
  }

  @Override
  float rowOfLogits(Kernels k, float[] y, int yAt, float[] z, int zAt, int width, float scale, float[] g, int gAt) {
    double sum = 0;
    float share = scale / width;
    for (int j = 0; j < width; j++) {
      float t = target(y[yAt + j]);
      float logit = z[zAt + j];
      // The tail is added last: what is left of a prediction that is right and certain is nothing but the tail.
      sum += (Math.max(logit, 0) - logit * t) + SmoothFunctions.softplus(-Math.abs(logit));
      if (g != null) {
        g[gAt + j] = share * (logit > 0 ? (1 - t) - SmoothFunctions.sigmoid(-logit) : SmoothFunctions.sigmoid(logit) - t);
      }
    }
    return (float) (sum / width);
  }
}
