package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products by register tiles, each vector of a tile a named accumulator. Here is one row, which stays in its registers over the
 * whole chain; {@link VectorTiles} has several.
 *
 * <p>One row moves at the speed at which weights are loaded; it takes two panels at once, eight chains, to
 * hide the latency of a multiply-add. The row is read where it lies. The accumulator is always
 * the addend, which is the form the compiler turns into one instruction with a memory operand.
 *
 * <p>Operands that are absent begin at place 1: the compiler checks a loop's last place ahead of all loops, that of no trips too,
 * and were it -1, the compiled code would be thrown away.
 */
final class VectorProduct {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorProduct() {}

  /** See {@link Kernels#matmul}. */
  static void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    if (rows > 1) {
      VectorTiles.matmul(w, rows, start, x, h, z);
    } else if (w.form == PackedWeights.Form.GRU) {
      VectorGruProduct.one(w, start, x, h, z);
    } else {
      one(w, start, x, h, z);
    }
    if (w.narrow > 0) {
      narrow(w, rows, start, x, h, z);
    }
  }

  /** One row, all wide panels: two at once, then the odd one. */
  private static void one(PackedWeights w, Rows start, Rows x, Rows h, Rows z) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] from = start == null ? weights : start.data;
    final float[] to = z.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
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
      for (int k = 0; k < inputs; k++, q += 4 * L) {
        final FloatVector v = FloatVector.broadcast(S, xs[x0 + k]);
        final int u = q + stride;
        a0 = FloatVector.fromArray(S, weights, q).fma(v, a0);
        b0 = FloatVector.fromArray(S, weights, q + L).fma(v, b0);
        c0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v, c0);
        d0 = FloatVector.fromArray(S, weights, q + 3 * L).fma(v, d0);
        a1 = FloatVector.fromArray(S, weights, u).fma(v, a1);
        b1 = FloatVector.fromArray(S, weights, u + L).fma(v, b1);
        c1 = FloatVector.fromArray(S, weights, u + 2 * L).fma(v, c1);
        d1 = FloatVector.fromArray(S, weights, u + 3 * L).fma(v, d1);
      }
      q += skipped;
      for (int k = 0; k < hidden; k++, q += 4 * L) {
        final FloatVector v = FloatVector.broadcast(S, hs[h0 + k]);
        final int u = q + stride;
        a0 = FloatVector.fromArray(S, weights, q).fma(v, a0);
        b0 = FloatVector.fromArray(S, weights, q + L).fma(v, b0);
        c0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v, c0);
        d0 = FloatVector.fromArray(S, weights, q + 3 * L).fma(v, d0);
        a1 = FloatVector.fromArray(S, weights, u).fma(v, a1);
        b1 = FloatVector.fromArray(S, weights, u + L).fma(v, b1);
        c1 = FloatVector.fromArray(S, weights, u + 2 * L).fma(v, c1);
        d1 = FloatVector.fromArray(S, weights, u + 3 * L).fma(v, d1);
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
      for (int k = 0; k < inputs; k++, q += 4 * L) {
        final FloatVector v0 = FloatVector.broadcast(S, xs[x0 + k]);
        a0 = FloatVector.fromArray(S, weights, q).fma(v0, a0);
        b0 = FloatVector.fromArray(S, weights, q + L).fma(v0, b0);
        c0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v0, c0);
        d0 = FloatVector.fromArray(S, weights, q + 3 * L).fma(v0, d0);
      }
      q += skipped;
      for (int k = 0; k < hidden; k++, q += 4 * L) {
        final FloatVector v0 = FloatVector.broadcast(S, hs[h0 + k]);
        a0 = FloatVector.fromArray(S, weights, q).fma(v0, a0);
        b0 = FloatVector.fromArray(S, weights, q + L).fma(v0, b0);
        c0 = FloatVector.fromArray(S, weights, q + 2 * L).fma(v0, c0);
        d0 = FloatVector.fromArray(S, weights, q + 3 * L).fma(v0, d0);
      }
      a0.intoArray(to, o);
      b0.intoArray(to, o + L);
      c0.intoArray(to, o + 2 * L);
      d0.intoArray(to, o + 3 * L);
    }
  }

  /** The narrow panel behind the wide ones: one chain a row, four rows at once where there are four. */
  private static void narrow(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] from = start == null ? weights : start.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final int xStride = x == null ? 0 : x.stride;
    final int hStride = h == null ? 0 : h.stride;
    final int startRow = start == null ? 0 : start.stride;
    final int kernel = w.base + w.wide * w.panelStride() + L;
    final int recurrent = kernel + w.inputs * L;
    int xAt = x == null ? 0 : x.at;
    int hAt = h == null ? 0 : h.at;
    int s = start == null ? kernel - L : start.at + w.wide * 4 * L;
    int o = z.at + w.wide * 4 * L;
    int row = 0;
    for (; row + 4 <= rows; row += 4) {
      FloatVector a0 = FloatVector.fromArray(S, from, s);
      FloatVector a1 = FloatVector.fromArray(S, from, s + startRow);
      FloatVector a2 = FloatVector.fromArray(S, from, s + 2 * startRow);
      FloatVector a3 = FloatVector.fromArray(S, from, s + 3 * startRow);
      for (int k = 0, q = kernel; k < inputs; k++, q += L) {
        final FloatVector v = FloatVector.fromArray(S, weights, q);
        a0 = v.fma(FloatVector.broadcast(S, xs[xAt + k]), a0);
        a1 = v.fma(FloatVector.broadcast(S, xs[xAt + xStride + k]), a1);
        a2 = v.fma(FloatVector.broadcast(S, xs[xAt + 2 * xStride + k]), a2);
        a3 = v.fma(FloatVector.broadcast(S, xs[xAt + 3 * xStride + k]), a3);
      }
      for (int k = 0, q = recurrent; k < hidden; k++, q += L) {
        final FloatVector v = FloatVector.fromArray(S, weights, q);
        a0 = v.fma(FloatVector.broadcast(S, hs[hAt + k]), a0);
        a1 = v.fma(FloatVector.broadcast(S, hs[hAt + hStride + k]), a1);
        a2 = v.fma(FloatVector.broadcast(S, hs[hAt + 2 * hStride + k]), a2);
        a3 = v.fma(FloatVector.broadcast(S, hs[hAt + 3 * hStride + k]), a3);
      }
      a0.intoArray(z.data, o);
      a1.intoArray(z.data, o + z.stride);
      a2.intoArray(z.data, o + 2 * z.stride);
      a3.intoArray(z.data, o + 3 * z.stride);
      xAt += 4 * xStride;
      hAt += 4 * hStride;
      s += 4 * startRow;
      o += 4 * z.stride;
    }
    for (; row < rows; row++, xAt += xStride, hAt += hStride, s += startRow, o += z.stride) {
      FloatVector a = FloatVector.fromArray(S, from, s);
      for (int k = 0, q = kernel; k < inputs; k++, q += L) {
        a = FloatVector.fromArray(S, weights, q).fma(FloatVector.broadcast(S, xs[xAt + k]), a);
      }
      for (int k = 0, q = recurrent; k < hidden; k++, q += L) {
        a = FloatVector.fromArray(S, weights, q).fma(FloatVector.broadcast(S, hs[hAt + k]), a);
      }
      a.intoArray(z.data, o);
    }
  }
}
