package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The specification: plain Java, one float at a time, in the order that all other kernels repeat.
 *
 * <p>Eight chains run side by side, which is what keeps the multiply-add units busy; each chain is still
 * strictly in index order, and so are the sums of blocks.
 */
class ScalarKernels extends Kernels {
  private static final int ABREAST = 8;

  ScalarKernels() {
    super(null);
  }

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    final int lanes = KernelChoice.lanes();
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final int width = w.rowStride;
    final int stride = w.panelStride;
    // The recurrent rows of a GRU update the last three of its four vectors, the input rows the first three.
    final int shift = 4 * lanes - width;
    for (int row = 0; row < rows; row++) {
      final int outAt = out.at + row * out.stride;
      final int xAt = x == null ? 0 : x.at + row * x.stride;
      final int hAt = h == null ? 0 : h.at + row * h.stride;
      for (int panel = 0; panel < w.wide; panel++) {
        final int at = w.base + panel * stride;
        final int to = outAt + panel * 4 * lanes;
        begin(w, at, start, row, to - outAt, out.data, to, 4 * lanes);
        final int kernel = at + 4 * lanes;
        accumulate(w.data, kernel, width, inputs, x, xAt, out.data, to);
        accumulate(w.data, kernel + w.inputs * width, width, hidden, h, hAt, out.data, to + shift);
      }
      if (w.narrow > 0) {
        final int at = w.base + w.wide * stride;
        final int to = outAt + w.wide * 4 * lanes;
        begin(w, at, start, row, to - outAt, out.data, to, lanes);
        accumulate(w.data, at + lanes, lanes, inputs, x, xAt, out.data, to);
        accumulate(w.data, at + lanes + w.inputs * lanes, lanes, hidden, h, hAt, out.data, to);
      }
    }
  }

  /** Puts the starting values of one panel where its sums will go on. */
  private static void begin(PackedWeights w, int at, Rows start, int row, int column, float[] out, int to, int width) {
    if (start == null) {
      System.arraycopy(w.data, at, out, to, width);
    } else {
      System.arraycopy(start.data, start.at + row * start.stride + column, out, to, width);
    }
  }

  /** Adds to {@code width} sums their chains over {@code count} inputs, block by block. */
  private static void accumulate(float[] w, int at, int width, int count, Rows x, int xAt, float[] out, int to) {
    for (int first = 0; first < count; first += CHAIN) {
      final int some = Math.min(CHAIN, count - first);
      final int q = at + first * width;
      int j = 0;
      for (; j + ABREAST <= width; j += ABREAST) {
        eight(w, q + j, width, some, x.data, xAt + first, out, to + j);
      }
      for (; j < width; j++) {
        one(w, q + j, width, some, x.data, xAt + first, out, to + j);
      }
    }
  }

  /** The sum of one block: a chain of its own, from +0. */
  private static void one(float[] w, int at, int width, int count, float[] x, int xAt, float[] out, int to) {
    float a = 0;
    for (int k = 0, q = at; k < count; k++, q += width) {
      a = fma(x[xAt + k], w[q], a);
    }
    out[to] += a;
  }

  /** The same for eight neighbouring columns. */
  private static void eight(float[] w, int at, int width, int count, float[] x, int xAt, float[] out, int to) {
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    float a4 = 0;
    float a5 = 0;
    float a6 = 0;
    float a7 = 0;
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
    out[to] += a0;
    out[to + 1] += a1;
    out[to + 2] += a2;
    out[to + 3] += a3;
    out[to + 4] += a4;
    out[to + 5] += a5;
    out[to + 6] += a6;
    out[to + 7] += a7;
  }

  @Override
  public void lstmForward(int units, int rows, Rows gates, Rows c, Rows h) {
    final int lanes = KernelChoice.lanes();
    for (int row = 0; row < rows; row++) {
      final int zAt = gates.at + row * gates.stride;
      final int cAt = c.at + row * c.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j++) {
        final int q = zAt + j / lanes * 4 * lanes + j % lanes;
        final float i = Elementary.sigmoid(gates.data[q]);
        final float f = Elementary.sigmoid(gates.data[q + lanes]);
        final float g = Elementary.tanh(gates.data[q + 2 * lanes]);
        final float o = Elementary.sigmoid(gates.data[q + 3 * lanes]);
        final float cNew = fma(f, c.data[cAt + j], i * g);
        c.data[cAt + j] = cNew;
        h.data[hAt + j] = o * Elementary.tanh(cNew);
      }
    }
  }

  @Override
  public void lstmBackward(int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt, float[] dh,
      float[] dc, int dAt) {
    lstmBackward(0, units, gates, at, cOld, cOldAt, tanhC, tanhCAt, dh, dc, dAt);
  }

  /** Units {@code from} to {@code units}: all, or what whole vectors leave over. */
  static void lstmBackward(int from, int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt,
      float[] dh, float[] dc, int dAt) {
    for (int j = from; j < units; j++) {
      final float i = gates[at + j];
      final float f = gates[at + units + j];
      final float g = gates[at + 2 * units + j];
      final float o = gates[at + 3 * units + j];
      final float y = tanhC[tanhCAt + j];
      final float d = dh[dAt + j];
      final float e = dc[dAt + j] + d * o * fma(-y, y, 1);
      gates[at + j] = e * g * (i * (1 - i));
      gates[at + units + j] = e * cOld[cOldAt + j] * (f * (1 - f));
      gates[at + 2 * units + j] = e * i * fma(-g, g, 1);
      gates[at + 3 * units + j] = d * y * (o * (1 - o));
      dc[dAt + j] = e * f;
      dh[dAt + j] = 0;
    }
  }

  @Override
  public void gruForward(int units, int rows, Rows gates, Rows hOld, Rows h) {
    final int lanes = KernelChoice.lanes();
    for (int row = 0; row < rows; row++) {
      final int zAt = gates.at + row * gates.stride;
      final int oldAt = hOld.at + row * hOld.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j++) {
        final int q = zAt + j / lanes * 4 * lanes + j % lanes;
        final float z = Elementary.sigmoid(gates.data[q + lanes]);
        final float r = Elementary.sigmoid(gates.data[q + 2 * lanes]);
        final float n = Elementary.tanh(fma(r, gates.data[q + 3 * lanes], gates.data[q]));
        h.data[hAt + j] = fma(z, hOld.data[oldAt + j], (1 - z) * n);
      }
    }
  }

  @Override
  public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    what.apply(0, n, a, aAt, b, bAt, to, toAt);
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
