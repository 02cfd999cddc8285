package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The specification for int8 weights. For each of kernel and recurrent kernel one chain starts at +0 and runs over the whole
 * numbers in index order, {@code s = fma(x[k], q[k,j], s)}; then {@code z = fma(s, scale[j], z)}, the kernel's first: each
 * scale enters once, and a call may still leave out either part.
 */
final class ScalarInt8 extends ScalarKernels {
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
          four(p, panel * width + j, at + j, width, in.data, x, z.data, to + j);
        }
      }
      for (int j = 0; j < p.narrow * lanes; j += CHAINS) {
        four(p, p.wide * width + j, at + j, lanes, in.data, x, z.data, to + j);
      }
    }
  }

  private static void four(ReducedWeights.Part p, int column, int at, int width, float[] in, int x, float[] z, int to) {
    final int[] w = p.data;
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int k = 0, q = at; k < p.count; k++) {
      final float v = in[x + k];
      final int shift = 8 * (k & 3);
      a = fma(v, (byte) (w[q] >> shift), a);
      b = fma(v, (byte) (w[q + 1] >> shift), b);
      c = fma(v, (byte) (w[q + 2] >> shift), c);
      d = fma(v, (byte) (w[q + 3] >> shift), d);
      q += shift == 24 ? width : 0;
    }
    z[to] = fma(a, p.scales[column], z[to]);
    z[to + 1] = fma(b, p.scales[column + 1], z[to + 1]);
    z[to + 2] = fma(c, p.scales[column + 2], z[to + 2]);
    z[to + 3] = fma(d, p.scales[column + 3], z[to + 3]);
  }
}
