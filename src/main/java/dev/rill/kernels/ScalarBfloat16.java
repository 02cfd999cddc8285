package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The specification for bfloat16 weights: the sums of {@link ScalarKernels}, each weight widened first, which is exact.
 */
final class ScalarBfloat16 extends ScalarReduced {
  @Override
  void four(ReducedWeights.Part p, int column, int at, int width, int count, float[] in, int x, float[] out, int to) {
    final int[] w = p.data;
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int k = 0, q = at; k < count; k++) {
      final float v = in[x + k];
      final int shift = 16 * (k & 1);
      a = fma(v, Bfloat16.widen(w[q] >>> shift), a);
      b = fma(v, Bfloat16.widen(w[q + 1] >>> shift), b);
      c = fma(v, Bfloat16.widen(w[q + 2] >>> shift), c);
      d = fma(v, Bfloat16.widen(w[q + 3] >>> shift), d);
      q += (k & 1) * width;
    }
    out[to] += a;
    out[to + 1] += b;
    out[to + 2] += c;
    out[to + 3] += d;
  }
}
