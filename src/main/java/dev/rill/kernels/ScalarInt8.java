package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The specification for int8 weights: the chains of {@link ScalarKernels} over the whole numbers, {@code s = fma(x[k], q[k,j], s)}
 * from +0; a block is added with the scale of its column, {@code z = fma(s, scale[j], z)}.
 */
final class ScalarInt8 extends ScalarReduced {
  @Override
  void four(ReducedWeights.Part p, int column, int at, int width, int count, float[] in, int x, float[] out, int to) {
    final int[] w = p.data;
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int k = 0, q = at; k < count; k++) {
      final float v = in[x + k];
      final int shift = 8 * (k & 3);
      a = fma(v, (byte) (w[q] >> shift), a);
      b = fma(v, (byte) (w[q + 1] >> shift), b);
      c = fma(v, (byte) (w[q + 2] >> shift), c);
      d = fma(v, (byte) (w[q + 3] >> shift), d);
      q += shift == 24 ? width : 0;
    }
    out[to] = fma(a, p.scales[column], out[to]);
    out[to + 1] = fma(b, p.scales[column + 1], out[to + 1]);
    out[to + 2] = fma(c, p.scales[column + 2], out[to + 2]);
    out[to + 3] = fma(d, p.scales[column + 3], out[to + 3]);
  }
}
