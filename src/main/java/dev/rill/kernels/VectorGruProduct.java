package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link VectorProduct} for GRU panels, where inputs update the vectors cx, z, r and the state
 * updates z, r, ch.
 */
final class VectorGruProduct {
  private static final VectorSpecies<Float> S = VectorCarrier.SPECIES;
  private static final int L = S.length();

  private VectorGruProduct() {}

  /** One row, some panels: two at once, then the odd one. */
  static void one(Panels w, int first, int end, int row, Rows start, Rows x, Rows h, Rows z) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] from = start == null ? weights : start.data;
    final float[] to = z.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final int x0 = x == null ? 0 : x.at + row * x.stride;
    final int h0 = h == null ? 0 : h.at + row * h.stride;
    final int stride = w.panelStride();
    final int skipped = x == null ? w.inputs * w.rowStride() : 0;
    final int startPanel = start == null ? stride : 4 * L;
    final int startRow = start == null ? 0 : start.stride;
    int at = w.base + first * stride;
    int s = start == null ? at : start.at + row * startRow + first * startPanel;
    int o = z.at + row * z.stride + first * 4 * L;
    int panel = first;
    for (; panel + 2 <= end; panel += 2, at += 2 * stride, s += 2 * startPanel, o += 8 * L) {
      FloatVector a0 = FloatVector.fromArray(S, from, s);
      FloatVector b0 = FloatVector.fromArray(S, from, s + L);
      FloatVector c0 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector d0 = FloatVector.fromArray(S, from, s + 3 * L);
      FloatVector a1 = FloatVector.fromArray(S, from, s + startPanel);
      FloatVector b1 = FloatVector.fromArray(S, from, s + startPanel + L);
      FloatVector c1 = FloatVector.fromArray(S, from, s + startPanel + 2 * L);
      FloatVector d1 = FloatVector.fromArray(S, from, s + startPanel + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; k++, q += 3 * L) {
        final FloatVector v = FloatVector.broadcast(S, xs[x0 + k]);
        final int u = q + stride;
        a0 = FloatVector.fromArray(S, weights, q).fma(v, a0);
        b0 = FloatVector.fromArray(S, weights, q + L).fma(v, b0);
        c0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v, c0);
        a1 = FloatVector.fromArray(S, weights, u).fma(v, a1);
        b1 = FloatVector.fromArray(S, weights, u + L).fma(v, b1);
        c1 = FloatVector.fromArray(S, weights, u + 2 * L).fma(v, c1);
      }
      q += skipped;
      for (int k = 0; k < hidden; k++, q += 3 * L) {
        final FloatVector v = FloatVector.broadcast(S, hs[h0 + k]);
        final int u = q + stride;
        b0 = FloatVector.fromArray(S, weights, q).fma(v, b0);
        c0 = FloatVector.fromArray(S, weights, q + L).fma(v, c0);
        d0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v, d0);
        b1 = FloatVector.fromArray(S, weights, u).fma(v, b1);
        c1 = FloatVector.fromArray(S, weights, u + L).fma(v, c1);
        d1 = FloatVector.fromArray(S, weights, u + 2 * L).fma(v, d1);
      }
      a0.intoArray(to, o);
      b0.intoArray(to, o + L);
      c0.intoArray(to, o + 2 * L);
      d0.intoArray(to, o + 3 * L);
      a1.intoArray(to, o + 4 * L);
      b1.intoArray(to, o + 5 * L);
      c1.intoArray(to, o + 6 * L);
      d1.intoArray(to, o + 7 * L);
    }
    if (panel < end) {
      FloatVector a0 = FloatVector.fromArray(S, from, s);
      FloatVector b0 = FloatVector.fromArray(S, from, s + L);
      FloatVector c0 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector d0 = FloatVector.fromArray(S, from, s + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; k++, q += 3 * L) {
        final FloatVector v0 = FloatVector.broadcast(S, xs[x0 + k]);
        a0 = FloatVector.fromArray(S, weights, q).fma(v0, a0);
        b0 = FloatVector.fromArray(S, weights, q + L).fma(v0, b0);
        c0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v0, c0);
      }
      q += skipped;
      for (int k = 0; k < hidden; k++, q += 3 * L) {
        final FloatVector v0 = FloatVector.broadcast(S, hs[h0 + k]);
        b0 = FloatVector.fromArray(S, weights, q).fma(v0, b0);
        c0 = FloatVector.fromArray(S, weights, q + L).fma(v0, c0);
        d0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v0, d0);
      }
      a0.intoArray(to, o);
      b0.intoArray(to, o + L);
      c0.intoArray(to, o + 2 * L);
      d0.intoArray(to, o + 3 * L);
    }
  }

  /** Four rows (the last may be the third again), some panels: sixteen chains. */
  static void four(Panels w, int first, int end, int row, int last, Rows start, Rows x, Rows h, Rows z) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] from = start == null ? weights : start.data;
    final float[] to = z.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final int x0 = x == null ? 0 : x.at + row * x.stride;
    final int h0 = h == null ? 0 : h.at + row * h.stride;
    final int x1 = x == null ? 0 : x.at + (row + 1) * x.stride;
    final int h1 = h == null ? 0 : h.at + (row + 1) * h.stride;
    final int x2 = x == null ? 0 : x.at + (row + 2) * x.stride;
    final int h2 = h == null ? 0 : h.at + (row + 2) * h.stride;
    final int x3 = x == null ? 0 : x.at + last * x.stride;
    final int h3 = h == null ? 0 : h.at + last * h.stride;
    final int stride = w.panelStride();
    final int skipped = x == null ? w.inputs * w.rowStride() : 0;
    final int startPanel = start == null ? stride : 4 * L;
    final int startRow = start == null ? 0 : start.stride;
    int at = w.base + first * stride;
    int s = start == null ? at : start.at + row * startRow + first * startPanel;
    int o = z.at + row * z.stride + first * 4 * L;
    int s3 = s + (last - row) * startRow;
    int o3 = o + (last - row) * z.stride;
    for (int panel = first; panel < end; panel++) {
      FloatVector a0 = FloatVector.fromArray(S, from, s);
      FloatVector b0 = FloatVector.fromArray(S, from, s + L);
      FloatVector c0 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector d0 = FloatVector.fromArray(S, from, s + 3 * L);
      FloatVector a1 = FloatVector.fromArray(S, from, s + startRow);
      FloatVector b1 = FloatVector.fromArray(S, from, s + startRow + L);
      FloatVector c1 = FloatVector.fromArray(S, from, s + startRow + 2 * L);
      FloatVector d1 = FloatVector.fromArray(S, from, s + startRow + 3 * L);
      FloatVector a2 = FloatVector.fromArray(S, from, s + 2 * startRow);
      FloatVector b2 = FloatVector.fromArray(S, from, s + 2 * startRow + L);
      FloatVector c2 = FloatVector.fromArray(S, from, s + 2 * startRow + 2 * L);
      FloatVector d2 = FloatVector.fromArray(S, from, s + 2 * startRow + 3 * L);
      FloatVector a3 = FloatVector.fromArray(S, from, s3);
      FloatVector b3 = FloatVector.fromArray(S, from, s3 + L);
      FloatVector c3 = FloatVector.fromArray(S, from, s3 + 2 * L);
      FloatVector d3 = FloatVector.fromArray(S, from, s3 + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; k++, q += 3 * L) {
        final FloatVector w0 = FloatVector.fromArray(S, weights, q);
        final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
        final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
        final FloatVector v0 = FloatVector.broadcast(S, xs[x0 + k]);
        a0 = w0.fma(v0, a0);
        b0 = w1.fma(v0, b0);
        c0 = w2.fma(v0, c0);
        final FloatVector v1 = FloatVector.broadcast(S, xs[x1 + k]);
        a1 = w0.fma(v1, a1);
        b1 = w1.fma(v1, b1);
        c1 = w2.fma(v1, c1);
        final FloatVector v2 = FloatVector.broadcast(S, xs[x2 + k]);
        a2 = w0.fma(v2, a2);
        b2 = w1.fma(v2, b2);
        c2 = w2.fma(v2, c2);
        final FloatVector v3 = FloatVector.broadcast(S, xs[x3 + k]);
        a3 = w0.fma(v3, a3);
        b3 = w1.fma(v3, b3);
        c3 = w2.fma(v3, c3);
      }
      q += skipped;
      for (int k = 0; k < hidden; k++, q += 3 * L) {
        final FloatVector w0 = FloatVector.fromArray(S, weights, q);
        final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
        final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
        final FloatVector v0 = FloatVector.broadcast(S, hs[h0 + k]);
        b0 = w0.fma(v0, b0);
        c0 = w1.fma(v0, c0);
        d0 = w2.fma(v0, d0);
        final FloatVector v1 = FloatVector.broadcast(S, hs[h1 + k]);
        b1 = w0.fma(v1, b1);
        c1 = w1.fma(v1, c1);
        d1 = w2.fma(v1, d1);
        final FloatVector v2 = FloatVector.broadcast(S, hs[h2 + k]);
        b2 = w0.fma(v2, b2);
        c2 = w1.fma(v2, c2);
        d2 = w2.fma(v2, d2);
        final FloatVector v3 = FloatVector.broadcast(S, hs[h3 + k]);
        b3 = w0.fma(v3, b3);
        c3 = w1.fma(v3, c3);
        d3 = w2.fma(v3, d3);
      }
      a0.intoArray(to, o);
      b0.intoArray(to, o + L);
      c0.intoArray(to, o + 2 * L);
      d0.intoArray(to, o + 3 * L);
      a1.intoArray(to, o + z.stride);
      b1.intoArray(to, o + z.stride + L);
      c1.intoArray(to, o + z.stride + 2 * L);
      d1.intoArray(to, o + z.stride + 3 * L);
      a2.intoArray(to, o + 2 * z.stride);
      b2.intoArray(to, o + 2 * z.stride + L);
      c2.intoArray(to, o + 2 * z.stride + 2 * L);
      d2.intoArray(to, o + 2 * z.stride + 3 * L);
      a3.intoArray(to, o3);
      b3.intoArray(to, o3 + L);
      c3.intoArray(to, o3 + 2 * L);
      d3.intoArray(to, o3 + 3 * L);
      at += stride;
      s += startPanel;
      s3 += startPanel;
      o += 4 * L;
      o3 += 4 * L;
    }
  }
}
