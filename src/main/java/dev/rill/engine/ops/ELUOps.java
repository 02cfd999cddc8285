package dev.rill.engine.ops;

import dev.rill.kernels.Function;
import dev.rill.kernels.Kernels;
import dev.rill.layers.ELU;

/** {@link ELU}, as Keras computes it. */
public final class ELUOps extends ElementwiseOps {
  private final float alpha;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public ELUOps(ELU layer) {
    alpha = (float) layer.alpha();
  }

  @Override
  float value(float x) {
    return x > 0 ? x : alpha * x;
  }

  @Override
  float slope(float x, float y) {
    return x > 0 ? 1 : y + alpha;
  }

  /** The exponential of whole vectors first, then what {@link #value} makes of it: {@code e^x - 1} is 0 or less where x is. */
  @Override
  void apply(Kernels k, float[] a, int at, int n) {
    Function.ELU.apply(k, a, at, n);
    super.apply(k, a, at, n);
  }
}
