package dev.rill.training;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.SmoothFunctions;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;

/**
 * Categorical cross-entropy for targets that are indices of classes. Predictions are clipped to 1e-7 and 1 − 1e-7 and then
 * divided by their sum as in Keras on TensorFlow; behind a softmax it is computed from the softmax's input.
 */
public final class SparseCategoricalCrossentropy extends Loss {
  private final boolean fromLogits;

  /** Describes the loss of probabilities. */
  public SparseCategoricalCrossentropy() {
    this(false);
  }

  /**
   * Describes the loss.
   *
   * @param fromLogits whether predictions are what a softmax would be applied to
   */
  public SparseCategoricalCrossentropy(boolean fromLogits) {
    super("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy");
    this.fromLogits = fromLogits;
  }

  /**
   * Whether predictions are what a softmax would be applied to.
   *
   * @return false by default
   */
  public boolean fromLogits() {
    return fromLogits;
  }

  @Override
  public int targetWidth(int width) {
    return 1;
  }

  @Override
  boolean fuses(ActivationFunction activation) {
    return activation == ActivationFunction.SOFTMAX;
  }

  @Override
  void check(Tensor y, int width) {
    int rows = y.shape().axis(0);
    int steps = rows == 0 ? 0 : y.size() / rows;
    for (int row = 0; row < rows; row++) {
      for (int step = 0; step < steps; step++) {
        float index = y.array()[y.offset() + row * y.stride() + step];
        if (!(index >= 0 && index < width) || index != (int) index) {
          throw new ShapeException("sparse_categorical_crossentropy: expected the index of one of " + width
              + " classes, a whole number from 0 to " + (width - 1) + ", got " + index + " in row " + row + ", step " + step
              + " of the targets");
        }
      }
    }
  }

  @Override
  float row(Kernels k, float[] y, int yAt, float[] p, int pAt, int width, float scale, float[] g, int gAt) {
    if (fromLogits) {
      return rowOfLogits(k, y, yAt, p, pAt, width, scale, g, gAt);
    }
    int index = (int) y[yAt];
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += Clip.of(p[pAt + j]);
    }
    for (int j = 0; g != null && j < width; j++) {
      float q = p[pAt + j];
      g[gAt + j] = Clip.cuts(q) ? 0 : scale * ((float) (1 / sum) - (j == index ? 1 / q : 0));
    }
    return SmoothFunctions.log((float) sum) - Clip.log(p[pAt + index]);
  }

  @Override
  float rowOfLogits(Kernels k, float[] y, int yAt, float[] z, int zAt, int width, float scale, float[] g, int gAt) {
    int index = (int) y[yAt];
    float max = SmoothFunctions.max(z, zAt, width);
    float all = SmoothFunctions.logSumExp(k, z, zAt, width, max, g, gAt);
    for (int j = 0; g != null && j < width; j++) {
      g[gAt + j] = scale * (g[gAt + j] - (j == index ? 1 : 0));
    }
    return all - (z[zAt + index] - max);
  }
}
