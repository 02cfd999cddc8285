package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The specification: plain Java, one float at a time, in the order that every other kernels repeats.
 *
 * <p>Eight chains run side by side, which is what keeps the multiply-add units busy; each chain is still
 * strictly in index order.
 */
class ScalarKernels extends Kernels {
  private static final int CHAINS = 8;

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    final int lanes = KernelChoice.lanes();
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final int width = w.rowStride();
    final int stride = w.panelStride();
    // The recurrent rows of a GRU update the last three of its four vectors, the input rows the first three.
    final int shift = 4 * lanes - width;
    for (int row = 0; row < rows; row++) {
      final int zAt = z.at + row * z.stride;
      final int xAt = x == null ? 0 : x.at + row * x.stride;
      final int hAt = h == null ? 0 : h.at + row * h.stride;
      for (int panel = 0; panel < w.wide; panel++) {
        final int at = w.base + panel * stride;
        final int to = zAt + panel * 4 * lanes;
        begin(w, at, start, row, to - zAt, z.data, to, 4 * lanes);
        final int kernel = at + 4 * lanes;
        accumulate(w.data, kernel, width, inputs, x, xAt, z.data, to);
        accumulate(w.data, kernel + w.inputs * width, width, hidden, h, hAt, z.data, to + shift);
      }
      if (w.narrow > 0) {
        final int at = w.base + w.wide * stride;
        final int to = zAt + w.wide * 4 * lanes;
        begin(w, at, start, row, to - zAt, z.data, to, lanes);
        accumulate(w.data, at + lanes, lanes, inputs, x, xAt, z.data, to);
        accumulate(w.data, at + lanes + w.inputs * lanes, lanes, hidden, h, hAt, z.data, to);
      }
    }
  }

  private static void begin(PackedWeights w, int at, Rows start, int row, int column, float[] z, int to, int width) {
    if (start == null) {
      System.arraycopy(w.data, at, z, to, width);
    } else {
      System.arraycopy(start.data, start.at + row * start.stride + column, z, to, width);
    }
  }

  private static void accumulate(float[] w, int at, int width, int count, Rows x, int xAt, float[] z, int to) {
    if (count == 0) {
      return;
    }
    final float[] in = x.data;
    int j = 0;
    for (; j + CHAINS <= width; j += CHAINS) {
      eight(w, at + j, width, count, in, xAt, z, to + j);
    }
    for (; j < width; j++) {
      float acc = z[to + j];
      for (int k = 0, q = at + j; k < count; k++, q += width) {
        acc = fma(in[xAt + k], w[q], acc);
      }
      z[to + j] = acc;
    }
  }

  private static void eight(float[] w, int at, int width, int count, float[] x, int xAt, float[] z, int to) {
    float a0 = z[to];
    float a1 = z[to + 1];
    float a2 = z[to + 2];
    float a3 = z[to + 3];
    float a4 = z[to + 4];
    float a5 = z[to + 5];
    float a6 = z[to + 6];
    float a7 = z[to + 7];
    for (int k = 0, q = at; k < count; k++, q += width) {
      final float v = x[xAt + k];
      a0 = fma(v, w[q], a0);
      a1 = fma(v, w[q + 1], a1);
      a2 = fma(v, w[q + 2], a2);
      a3 = fma(v, w[q + 3], a3);
      a4 = fma(v, w[q + 4], a4);
      a5 = fma(v, w[q + 5], a5);
      a6 = fma(v, w[q + 6], a6);
      a7 = fma(v, w[q + 7], a7);
    }
    z[to] = a0;
    z[to + 1] = a1;
    z[to + 2] = a2;
    z[to + 3] = a3;
    z[to + 4] = a4;
    z[to + 5] = a5;
    z[to + 6] = a6;
    z[to + 7] = a7;
  }

  @Override
  public void lstmForward(int units, int rows, Rows z, Rows c, Rows h) {
    final int lanes = KernelChoice.lanes();
    for (int row = 0; row < rows; row++) {
      final int zAt = z.at + row * z.stride;
      final int cAt = c.at + row * c.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j++) {
        final int q = zAt + j / lanes * 4 * lanes + j % lanes;
        final float i = Elementary.sigmoid(z.data[q]);
        final float f = Elementary.sigmoid(z.data[q + lanes]);
        final float g = Elementary.tanh(z.data[q + 2 * lanes]);
        final float o = Elementary.sigmoid(z.data[q + 3 * lanes]);
        final float cell = fma(f, c.data[cAt + j], i * g);
        c.data[cAt + j] = cell;
        h.data[hAt + j] = o * Elementary.tanh(cell);
      }
    }
  }

  @Override
  public void gruForward(int units, int rows, Rows z, Rows old, Rows h) {
    final int lanes = KernelChoice.lanes();
    for (int row = 0; row < rows; row++) {
      final int zAt = z.at + row * z.stride;
      final int oldAt = old.at + row * old.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j++) {
        final int q = zAt + j / lanes * 4 * lanes + j % lanes;
        final float update = Elementary.sigmoid(z.data[q + lanes]);
        final float reset = Elementary.sigmoid(z.data[q + 2 * lanes]);
        final float candidate = Elementary.tanh(fma(reset, z.data[q + 3 * lanes], z.data[q]));
        h.data[hAt + j] = fma(update, old.data[oldAt + j], (1 - update) * candidate);
      }
    }
  }

  @Override
  public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    what.apply(0, n, a, aAt, b, bAt, to, toAt);
  }

  @Override
  public void lstmBackward(int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh, float[] dc,
      int dAt) {
    LstmGradient.apply(0, units, z, at, old, oldAt, out, outAt, dh, dc, dAt);
  }

  @Override
  void sigmoid(float[] a, int at, int n) {
    for (int j = at; j < at + n; j++) {
      a[j] = Elementary.sigmoid(a[j]);
    }
  }

  @Override
  void tanh(float[] a, int at, int n) {
    for (int j = at; j < at + n; j++) {
      a[j] = Elementary.tanh(a[j]);
    }
  }

  @Override
  void exp(float[] a, int at, int n) {
    for (int j = at; j < at + n; j++) {
      a[j] = Elementary.exp(a[j]);
    }
  }
}
