package dev.rill.engine.ops;

import dev.rill.layers.Rescaling;

/** {@link Rescaling}. */
public final class RescalingOps extends ElementwiseOps {
  private final float scale;
  private final float offset;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public RescalingOps(Rescaling layer) {
    scale = (float) layer.scale();
    offset = (float) layer.offset();
  }

  @Override
  float value(float x) {
    return x * scale + offset;
  }

  @Override
  float slope(float x, float y) {
    return scale;
  }
}
