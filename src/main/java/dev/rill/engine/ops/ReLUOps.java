package dev.rill.engine.ops;

import dev.rill.layers.ReLU;

/** {@link ReLU}: Keras' arithmetic, option by option. */
public final class ReLUOps extends ElementwiseOps {
  private final float max;
  private final float slope;
  private final float threshold;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public ReLUOps(ReLU layer) {
    max = layer.max() == null ? Float.POSITIVE_INFINITY : layer.max().floatValue();
    slope = (float) layer.slope();
    threshold = (float) layer.threshold();
  }

  @Override
  float value(float x) {
    float above = x > threshold || x != x ? Math.min(x, max) : 0;
    // The other part is subtracted, as in Keras: a threshold or a maximum leaves it as it is.
    return slope == 0 ? above : above - slope * Math.max(threshold - x, 0);
  }

  @Override
  float slope(float x, float y) {
    return x > threshold ? x < max ? 1 : 0 : slope;
  }
}
