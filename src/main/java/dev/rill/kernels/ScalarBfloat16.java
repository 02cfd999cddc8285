package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The specification for bfloat16 weights: the chains of {@link ScalarKernels}, each weight widened first, which is exact.
 */
final class ScalarBfloat16 extends ScalarKernels {
  /** Chains side by side; vectors of every width have a multiple of so many lanes. */
  private static final int CHAINS = 4;

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    ReducedWeights panels = (ReducedWeights) w;
    panels.begin(rows, start, z);
    if (x != null) {
      part(panels.kernel, rows, x, z);
    }
    if (h != null) {
      part(panels.recurrent, rows, h, z);
    }
  }

  private static void part(ReducedWeights.Part p, int rows, Rows in, Rows z) {
    final int lanes = KernelChoice.lanes();
    final int width = p.vectors * lanes;
    for (int row = 0; row < rows; row++) {
      final int x = in.at + row * in.stride;
      int at = p.base;
      int to = z.at + row * z.stride + p.first * lanes;
      for (int panel = 0; panel < p.wide; panel++, at += p.panelStride, to += 4 * lanes) {
        for (int j = 0; j < width; j += CHAINS) {
          four(p, at + j, width, in.data, x, z.data, to + j);
        }
      }
      for (int j = 0; j < p.narrow * lanes; j += CHAINS) {
        four(p, at + j, lanes, in.data, x, z.data, to + j);
      }
    }
  }

  private static void four(ReducedWeights.Part p, int at, int width, float[] in, int x, float[] z, int to) {
    final int[] w = p.data;
    float a = z[to];
    float b = z[to + 1];
    float c = z[to + 2];
    float d = z[to + 3];
    for (int k = 0, q = at; k < p.count; k++) {
      final float v = in[x + k];
      final int shift = 16 * (k & 1);
      a = fma(v, Bfloat16.widen(w[q] >>> shift), a);
      b = fma(v, Bfloat16.widen(w[q + 1] >>> shift), b);
      c = fma(v, Bfloat16.widen(w[q + 2] >>> shift), c);
      d = fma(v, Bfloat16.widen(w[q + 3] >>> shift), d);
      q += (k & 1) * width;
    }
    z[to] = a;
    z[to + 1] = b;
    z[to + 2] = c;
    z[to + 3] = d;
  }
}
