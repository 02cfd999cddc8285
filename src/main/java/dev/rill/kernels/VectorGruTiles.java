package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link VectorTiles} for GRU panels, where inputs update the vectors cx, z, r and the state updates z, r, ch: three
 * neighbours either way.
 */
final class VectorGruTiles {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();
  private static final int BLOCK = VectorTiles.BLOCK;

  private VectorGruTiles() {}

  /** Starts the one vector of each wide panel that the first input leaves alone. */
  static void carry(PackedWeights w, int rows, Rows start, Rows z, int vector) {
    final float[] from = start == null ? w.data : start.data;
    final int startPanel = start == null ? w.panelStride() : 4 * L;
    final int startRow = start == null ? 0 : start.stride;
    int s = (start == null ? w.base : start.at) + vector * L;
    int o = z.at + vector * L;
    for (int row = 0; row < rows; row++, s += startRow, o += z.stride) {
      for (int panel = 0; panel < w.wide; panel++) {
        FloatVector.fromArray(S, from, s + panel * startPanel).intoArray(z.data, o + panel * 4 * L);
      }
    }
  }

  /** Eight rows, or five and more and the last again: twenty-four chains. */
  static void eight(float[] weights, int at, float[] copies, int first, int count, int last, float[] from, int s, int startRow,
      float[] to, int o, int row) {
    final int r5 = Math.min(5, last);
    final int r6 = Math.min(6, last);
    FloatVector a0 = FloatVector.fromArray(S, from, s);
    FloatVector b0 = FloatVector.fromArray(S, from, s + L);
    FloatVector c0 = FloatVector.fromArray(S, from, s + 2 * L);
    FloatVector a1 = FloatVector.fromArray(S, from, s + startRow);
    FloatVector b1 = FloatVector.fromArray(S, from, s + startRow + L);
    FloatVector c1 = FloatVector.fromArray(S, from, s + startRow + 2 * L);
    FloatVector a2 = FloatVector.fromArray(S, from, s + 2 * startRow);
    FloatVector b2 = FloatVector.fromArray(S, from, s + 2 * startRow + L);
    FloatVector c2 = FloatVector.fromArray(S, from, s + 2 * startRow + 2 * L);
    FloatVector a3 = FloatVector.fromArray(S, from, s + 3 * startRow);
    FloatVector b3 = FloatVector.fromArray(S, from, s + 3 * startRow + L);
    FloatVector c3 = FloatVector.fromArray(S, from, s + 3 * startRow + 2 * L);
    FloatVector a4 = FloatVector.fromArray(S, from, s + 4 * startRow);
    FloatVector b4 = FloatVector.fromArray(S, from, s + 4 * startRow + L);
    FloatVector c4 = FloatVector.fromArray(S, from, s + 4 * startRow + 2 * L);
    FloatVector a5 = FloatVector.fromArray(S, from, s + r5 * startRow);
    FloatVector b5 = FloatVector.fromArray(S, from, s + r5 * startRow + L);
    FloatVector c5 = FloatVector.fromArray(S, from, s + r5 * startRow + 2 * L);
    FloatVector a6 = FloatVector.fromArray(S, from, s + r6 * startRow);
    FloatVector b6 = FloatVector.fromArray(S, from, s + r6 * startRow + L);
    FloatVector c6 = FloatVector.fromArray(S, from, s + r6 * startRow + 2 * L);
    FloatVector a7 = FloatVector.fromArray(S, from, s + last * startRow);
    FloatVector b7 = FloatVector.fromArray(S, from, s + last * startRow + L);
    FloatVector c7 = FloatVector.fromArray(S, from, s + last * startRow + 2 * L);
    final int begin = at - first * 3 * L;
    for (int k = first; k < first + count; k++) {
      final int q = begin + k * (3 * L);
      final FloatVector w0 = FloatVector.fromArray(S, weights, q);
      final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
      final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
      final FloatVector v0 = FloatVector.broadcast(S, copies[k + BLOCK]);
      a0 = w0.fma(v0, a0);
      b0 = w1.fma(v0, b0);
      c0 = w2.fma(v0, c0);
      final FloatVector v1 = FloatVector.broadcast(S, copies[k + 2 * BLOCK]);
      a1 = w0.fma(v1, a1);
      b1 = w1.fma(v1, b1);
      c1 = w2.fma(v1, c1);
      final FloatVector v2 = FloatVector.broadcast(S, copies[k + 3 * BLOCK]);
      a2 = w0.fma(v2, a2);
      b2 = w1.fma(v2, b2);
      c2 = w2.fma(v2, c2);
      final FloatVector v3 = FloatVector.broadcast(S, copies[k + 4 * BLOCK]);
      a3 = w0.fma(v3, a3);
      b3 = w1.fma(v3, b3);
      c3 = w2.fma(v3, c3);
      final FloatVector v4 = FloatVector.broadcast(S, copies[k + 5 * BLOCK]);
      a4 = w0.fma(v4, a4);
      b4 = w1.fma(v4, b4);
      c4 = w2.fma(v4, c4);
      final FloatVector v5 = FloatVector.broadcast(S, copies[k + 6 * BLOCK]);
      a5 = w0.fma(v5, a5);
      b5 = w1.fma(v5, b5);
      c5 = w2.fma(v5, c5);
      final FloatVector v6 = FloatVector.broadcast(S, copies[k + 7 * BLOCK]);
      a6 = w0.fma(v6, a6);
      b6 = w1.fma(v6, b6);
      c6 = w2.fma(v6, c6);
      final FloatVector v7 = FloatVector.broadcast(S, copies[k + 8 * BLOCK]);
      a7 = w0.fma(v7, a7);
      b7 = w1.fma(v7, b7);
      c7 = w2.fma(v7, c7);
    }
    a0.intoArray(to, o);
    b0.intoArray(to, o + L);
    c0.intoArray(to, o + 2 * L);
    a1.intoArray(to, o + row);
    b1.intoArray(to, o + row + L);
    c1.intoArray(to, o + row + 2 * L);
    a2.intoArray(to, o + 2 * row);
    b2.intoArray(to, o + 2 * row + L);
    c2.intoArray(to, o + 2 * row + 2 * L);
    a3.intoArray(to, o + 3 * row);
    b3.intoArray(to, o + 3 * row + L);
    c3.intoArray(to, o + 3 * row + 2 * L);
    a4.intoArray(to, o + 4 * row);
    b4.intoArray(to, o + 4 * row + L);
    c4.intoArray(to, o + 4 * row + 2 * L);
    a5.intoArray(to, o + r5 * row);
    b5.intoArray(to, o + r5 * row + L);
    c5.intoArray(to, o + r5 * row + 2 * L);
    a6.intoArray(to, o + r6 * row);
    b6.intoArray(to, o + r6 * row + L);
    c6.intoArray(to, o + r6 * row + 2 * L);
    a7.intoArray(to, o + last * row);
    b7.intoArray(to, o + last * row + L);
    c7.intoArray(to, o + last * row + 2 * L);
  }

  /** Four rows, or fewer and the last again, some panels: sixteen chains over rows where they lie. */
  static void four(PackedWeights w, int first, int end, int row, int last, Rows start, Rows x, Rows h, Rows z) {
    final int second = Math.min(row + 1, last);
    final int third = Math.min(row + 2, last);
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] from = start == null ? weights : start.data;
    final float[] to = z.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    // Place 1 of what is absent: see VectorProduct.
    final int x0 = x == null ? 1 : x.at + row * x.stride;
    final int h0 = h == null ? 1 : h.at + row * h.stride;
    final int x1 = x == null ? 1 : x.at + second * x.stride;
    final int h1 = h == null ? 1 : h.at + second * h.stride;
    final int x2 = x == null ? 1 : x.at + third * x.stride;
    final int h2 = h == null ? 1 : h.at + third * h.stride;
    final int x3 = x == null ? 1 : x.at + last * x.stride;
    final int h3 = h == null ? 1 : h.at + last * h.stride;
    final int stride = w.panelStride();
    final int skipped = x == null ? w.inputs * w.rowStride() : 0;
    final int startPanel = start == null ? stride : 4 * L;
    final int startRow = start == null ? 0 : start.stride;
    int at = w.base + first * stride;
    int s = start == null ? at : start.at + first * startPanel;
    int o = z.at + first * 4 * L;
    for (int panel = first; panel < end; panel++) {
      FloatVector a0 = FloatVector.fromArray(S, from, s + row * startRow);
      FloatVector b0 = FloatVector.fromArray(S, from, s + row * startRow + L);
      FloatVector c0 = FloatVector.fromArray(S, from, s + row * startRow + 2 * L);
      FloatVector d0 = FloatVector.fromArray(S, from, s + row * startRow + 3 * L);
      FloatVector a1 = FloatVector.fromArray(S, from, s + second * startRow);
      FloatVector b1 = FloatVector.fromArray(S, from, s + second * startRow + L);
      FloatVector c1 = FloatVector.fromArray(S, from, s + second * startRow + 2 * L);
      FloatVector d1 = FloatVector.fromArray(S, from, s + second * startRow + 3 * L);
      FloatVector a2 = FloatVector.fromArray(S, from, s + third * startRow);
      FloatVector b2 = FloatVector.fromArray(S, from, s + third * startRow + L);
      FloatVector c2 = FloatVector.fromArray(S, from, s + third * startRow + 2 * L);
      FloatVector d2 = FloatVector.fromArray(S, from, s + third * startRow + 3 * L);
      FloatVector a3 = FloatVector.fromArray(S, from, s + last * startRow);
      FloatVector b3 = FloatVector.fromArray(S, from, s + last * startRow + L);
      FloatVector c3 = FloatVector.fromArray(S, from, s + last * startRow + 2 * L);
      FloatVector d3 = FloatVector.fromArray(S, from, s + last * startRow + 3 * L);
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
      a0.intoArray(to, o + row * z.stride);
      b0.intoArray(to, o + row * z.stride + L);
      c0.intoArray(to, o + row * z.stride + 2 * L);
      d0.intoArray(to, o + row * z.stride + 3 * L);
      a1.intoArray(to, o + second * z.stride);
      b1.intoArray(to, o + second * z.stride + L);
      c1.intoArray(to, o + second * z.stride + 2 * L);
      d1.intoArray(to, o + second * z.stride + 3 * L);
      a2.intoArray(to, o + third * z.stride);
      b2.intoArray(to, o + third * z.stride + L);
      c2.intoArray(to, o + third * z.stride + 2 * L);
      d2.intoArray(to, o + third * z.stride + 3 * L);
      a3.intoArray(to, o + last * z.stride);
      b3.intoArray(to, o + last * z.stride + L);
      c3.intoArray(to, o + last * z.stride + 2 * L);
      d3.intoArray(to, o + last * z.stride + 3 * L);
      at += stride;
      s += startPanel;
      o += 4 * L;
    }
  }
}
