package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one row of {@link VectorProduct} for GRU panels, where inputs update the vectors cx, z, r and the state
 * updates z, r, ch.
 */
final class VectorGruProduct {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorGruProduct() {}

  /** One row, all panels: two at once, then the odd one. */
  static void one(PackedWeights w, Rows start, Rows x, Rows h, Rows z) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] from = start == null ? weights : start.data;
    final float[] to = z.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    // Place 1 of what is absent: see VectorProduct.
    final int x0 = x == null ? 1 : x.at;
    final int h0 = h == null ? 1 : h.at;
    final int stride = w.panelStride();
    final int skipped = x == null ? w.inputs * w.rowStride() : 0;
    final int startPanel = start == null ? stride : 4 * L;
    int at = w.base;
    int s = start == null ? at : start.at;
    int o = z.at;
    int panel = 0;
    for (; panel + 2 <= w.wide; panel += 2, at += 2 * stride, s += 2 * startPanel, o += 8 * L) {
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
    if (panel < w.wide) {
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
}
