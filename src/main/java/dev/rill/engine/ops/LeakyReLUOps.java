package dev.rill.engine.ops;

import dev.rill.layers.LeakyReLU;

/** {@link LeakyReLU}, as Keras computes it. */
public final class LeakyReLUOps extends ElementwiseOps {
  private final float slope;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public LeakyReLUOps(LeakyReLU layer) {
    slope = (float) layer.slope();
  }

  @Override
  float value(float x) {
    return x > 0 ? x : slope * x;
  }

  @Override
  float slope(float x, float y) {
    return x > 0 ? 1 : slope;
  }
}
