package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of several rows, tile by tile: six rows by the four vectors of a wide panel, each a named accumulator, and what is
 * then left over in tiles of four rows.
 *
 * <p>What counts is how many instructions the processor must take in for each multiply-add: it takes in four a cycle and does two
 * multiply-adds, and where two threads share a core each gets half. Six rows use each loaded weight six times. Their inputs are
 * copied first, a block at a time, to rows whose distance the compiler knows: rows where they lie need an address each, computed
 * anew for each input, which is as much work as the loads themselves. A tile goes on where the block before it has left its
 * accumulators: storing them in between changes no bit. Copies do not pay for four rows, which are read where they lie.
 */
final class VectorTiles {
  /** Floats from row to row of the copies; a block of inputs is no longer. */
  static final int BLOCK = PackedWeights.BLOCK;
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();
  /** Rows copied at a time: together they stay in the first-level cache, and are a number of tiles. */
  private static final int ROWS = Rows.COPIES / BLOCK - 1;

  private VectorTiles() {}

  /** All wide panels. A group of them stays in the cache while blocks of rows pass over. */
  static void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    if (z.copies == null) {
      z.copies = new float[Rows.COPIES];
    }
    final boolean gru = w.form == PackedWeights.Form.GRU;
    final int tall = gru ? Math.min(rows, rows + 3 & -8) : tall(rows);
    final int begin = x == null ? w.inputs : 0;
    final int last = h == null ? w.inputs : w.inputs + w.hidden;
    if (gru && !(start != null && start.data == z.data && start.at == z.at)) {
      VectorGruTiles.carry(w, tall, start, z, begin == last || x != null ? 3 : 0);
    }
    for (int panel = 0; panel < w.wide; panel += w.resident) {
      final int end = Math.min(panel + w.resident, w.wide);
      if (!gru) {
        chains(w, panel, end, begin, last, 0, tall, start, x, h, z);
      } else {
        if (x != null || h == null) {
          chains(w, panel, end, begin, w.inputs, 0, tall, start, x, h, z);
        }
        if (h != null) {
          chains(w, panel, end, w.inputs, last, L, tall, x == null ? start : z, x, h, z);
        }
      }
      for (int row = tall; row < rows; row += 4) {
        if (gru) {
          VectorGruTiles.four(w, panel, end, row, Math.min(row + 3, rows - 1), start, x, h, z);
        } else {
          four(w, panel, end, row, Math.min(row + 3, rows - 1), start, x, h, z);
        }
      }
    }
  }

  /** How many of some rows go in sixes, so that the others go in as few fours as can be: two, one or none. */
  private static int tall(int rows) {
    final int even = rows + 1 & -2;
    return Math.min(rows, Math.max(0, even - (6 - even % 6) % 6 * 2));
  }

  /**
   * Carries the chains of some panels over the weights' rows from {@code begin} to {@code last}, which are the inputs and then
   * the recurrent inputs: one chain across both where they update the same vectors, those from {@code shift} on.
   */
  private static void chains(PackedWeights w, int first, int end, int begin, int last, int shift, int rows, Rows start, Rows x, Rows h,
      Rows z) {
    final int height = w.form == PackedWeights.Form.GRU ? 8 : 6;
    final int blocks = Math.max(1, (last - begin + w.block - 1) / w.block);
    final int block = (last - begin + blocks - 1) / blocks;
    // What is absent is not copied; compiled code that has asked for it before the loop would be thrown away.
    final Rows inputs = x == null ? z : x;
    final Rows hidden = h == null ? z : h;
    for (int i = 0, k = begin; i < blocks; i++, k += block) {
      final int count = Math.min(block, last - k);
      final Rows from = i == 0 ? start : z;
      for (int r = 0; r < rows; r += ROWS) {
        final int some = Math.min(ROWS, rows - r);
        for (int row = 0; row < some; row++) {
          copy(w.inputs, k, count, inputs, hidden, r + row, z.copies, (row + 1) * BLOCK);
        }
        // What completes the last tile repeats its last row.
        for (int row = some; row % height != 0; row++) {
          System.arraycopy(z.copies, some * BLOCK, z.copies, (row + 1) * BLOCK, count);
        }
        for (int panel = first; panel < end; panel++) {
          final int at = w.base + panel * w.panelStride();
          final int column = panel * 4 * L + shift;
          final int s = from == null ? at + shift : from.at + r * from.stride + column;
          tiles(w, height, at + 4 * L + k * w.rowStride(), count, some, from == null ? w.data : from.data, s,
              from == null ? 0 : from.stride, z, z.at + r * z.stride + column);
        }
      }
    }
  }

  /** Copies a block of one row's inputs and recurrent inputs, which lie behind each other only here. */
  private static void copy(int inputs, int k, int count, Rows x, Rows h, int row, float[] copies, int to) {
    final int some = Math.max(0, Math.min(count, inputs - k));
    if (some > 0) {
      System.arraycopy(x.data, x.at + row * x.stride + k, copies, to, some);
    }
    if (count > some) {
      System.arraycopy(h.data, h.at + row * h.stride + k + some - inputs, copies, to + some, count - some);
    }
  }

  /** Some rows of one panel, in tall tiles. */
  private static void tiles(PackedWeights w, int height, int at, int count, int rows, float[] from, int s, int startRow, Rows z,
      int o) {
    for (int row = 0; row < rows; row += height) {
      final int last = Math.min(height, rows - row) - 1;
      final int start = s + row * startRow;
      final int to = o + row * z.stride;
      if (w.form == PackedWeights.Form.GRU) {
        VectorGruTiles.eight(w.data, at, z.copies, row * BLOCK, count, last, from, start, startRow, z.data, to, z.stride);
      } else {
        six(w.data, at, z.copies, row * BLOCK, count, last, from, start, startRow, z.data, to, z.stride);
      }
    }
  }

  /** Six rows (the last may be the fifth again): twenty-four chains. */
  private static void six(float[] weights, int at, float[] copies, int first, int count, int last, float[] from, int s,
      int startRow, float[] to, int o, int row) {
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
    FloatVector a3 = FloatVector.fromArray(S, from, s + 3 * startRow);
    FloatVector b3 = FloatVector.fromArray(S, from, s + 3 * startRow + L);
    FloatVector c3 = FloatVector.fromArray(S, from, s + 3 * startRow + 2 * L);
    FloatVector d3 = FloatVector.fromArray(S, from, s + 3 * startRow + 3 * L);
    FloatVector a4 = FloatVector.fromArray(S, from, s + 4 * startRow);
    FloatVector b4 = FloatVector.fromArray(S, from, s + 4 * startRow + L);
    FloatVector c4 = FloatVector.fromArray(S, from, s + 4 * startRow + 2 * L);
    FloatVector d4 = FloatVector.fromArray(S, from, s + 4 * startRow + 3 * L);
    FloatVector a5 = FloatVector.fromArray(S, from, s + last * startRow);
    FloatVector b5 = FloatVector.fromArray(S, from, s + last * startRow + L);
    FloatVector c5 = FloatVector.fromArray(S, from, s + last * startRow + 2 * L);
    FloatVector d5 = FloatVector.fromArray(S, from, s + last * startRow + 3 * L);
    final int begin = at - first * 4 * L;
    for (int k = first; k < first + count; k++) {
      final int q = begin + k * (4 * L);
      final FloatVector w0 = FloatVector.fromArray(S, weights, q);
      final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
      final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
      final FloatVector w3 = FloatVector.fromArray(S, weights, q + 3 * L);
      final FloatVector v0 = FloatVector.broadcast(S, copies[k + BLOCK]);
      a0 = w0.fma(v0, a0);
      b0 = w1.fma(v0, b0);
      c0 = w2.fma(v0, c0);
      d0 = w3.fma(v0, d0);
      final FloatVector v1 = FloatVector.broadcast(S, copies[k + 2 * BLOCK]);
      a1 = w0.fma(v1, a1);
      b1 = w1.fma(v1, b1);
      c1 = w2.fma(v1, c1);
      d1 = w3.fma(v1, d1);
      final FloatVector v2 = FloatVector.broadcast(S, copies[k + 3 * BLOCK]);
      a2 = w0.fma(v2, a2);
      b2 = w1.fma(v2, b2);
      c2 = w2.fma(v2, c2);
      d2 = w3.fma(v2, d2);
      final FloatVector v3 = FloatVector.broadcast(S, copies[k + 4 * BLOCK]);
      a3 = w0.fma(v3, a3);
      b3 = w1.fma(v3, b3);
      c3 = w2.fma(v3, c3);
      d3 = w3.fma(v3, d3);
      final FloatVector v4 = FloatVector.broadcast(S, copies[k + 5 * BLOCK]);
      a4 = w0.fma(v4, a4);
      b4 = w1.fma(v4, b4);
      c4 = w2.fma(v4, c4);
      d4 = w3.fma(v4, d4);
      final FloatVector v5 = FloatVector.broadcast(S, copies[k + 6 * BLOCK]);
      a5 = w0.fma(v5, a5);
      b5 = w1.fma(v5, b5);
      c5 = w2.fma(v5, c5);
      d5 = w3.fma(v5, d5);
    }
    a0.intoArray(to, o);
    b0.intoArray(to, o + L);
    c0.intoArray(to, o + 2 * L);
    d0.intoArray(to, o + 3 * L);
    a1.intoArray(to, o + row);
    b1.intoArray(to, o + row + L);
    c1.intoArray(to, o + row + 2 * L);
    d1.intoArray(to, o + row + 3 * L);
    a2.intoArray(to, o + 2 * row);
    b2.intoArray(to, o + 2 * row + L);
    c2.intoArray(to, o + 2 * row + 2 * L);
    d2.intoArray(to, o + 2 * row + 3 * L);
    a3.intoArray(to, o + 3 * row);
    b3.intoArray(to, o + 3 * row + L);
    c3.intoArray(to, o + 3 * row + 2 * L);
    d3.intoArray(to, o + 3 * row + 3 * L);
    a4.intoArray(to, o + 4 * row);
    b4.intoArray(to, o + 4 * row + L);
    c4.intoArray(to, o + 4 * row + 2 * L);
    d4.intoArray(to, o + 4 * row + 3 * L);
    a5.intoArray(to, o + last * row);
    b5.intoArray(to, o + last * row + L);
    c5.intoArray(to, o + last * row + 2 * L);
    d5.intoArray(to, o + last * row + 3 * L);
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
      for (int k = 0; k < inputs; k++, q += 4 * L) {
        final FloatVector w0 = FloatVector.fromArray(S, weights, q);
        final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
        final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
        final FloatVector w3 = FloatVector.fromArray(S, weights, q + 3 * L);
        final FloatVector v0 = FloatVector.broadcast(S, xs[x0 + k]);
        a0 = w0.fma(v0, a0);
        b0 = w1.fma(v0, b0);
        c0 = w2.fma(v0, c0);
        d0 = w3.fma(v0, d0);
        final FloatVector v1 = FloatVector.broadcast(S, xs[x1 + k]);
        a1 = w0.fma(v1, a1);
        b1 = w1.fma(v1, b1);
        c1 = w2.fma(v1, c1);
        d1 = w3.fma(v1, d1);
        final FloatVector v2 = FloatVector.broadcast(S, xs[x2 + k]);
        a2 = w0.fma(v2, a2);
        b2 = w1.fma(v2, b2);
        c2 = w2.fma(v2, c2);
        d2 = w3.fma(v2, d2);
        final FloatVector v3 = FloatVector.broadcast(S, xs[x3 + k]);
        a3 = w0.fma(v3, a3);
        b3 = w1.fma(v3, b3);
        c3 = w2.fma(v3, c3);
        d3 = w3.fma(v3, d3);
      }
      q += skipped;
      for (int k = 0; k < hidden; k++, q += 4 * L) {
        final FloatVector w0 = FloatVector.fromArray(S, weights, q);
        final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
        final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
        final FloatVector w3 = FloatVector.fromArray(S, weights, q + 3 * L);
        final FloatVector v0 = FloatVector.broadcast(S, hs[h0 + k]);
        a0 = w0.fma(v0, a0);
        b0 = w1.fma(v0, b0);
        c0 = w2.fma(v0, c0);
        d0 = w3.fma(v0, d0);
        final FloatVector v1 = FloatVector.broadcast(S, hs[h1 + k]);
        a1 = w0.fma(v1, a1);
        b1 = w1.fma(v1, b1);
        c1 = w2.fma(v1, c1);
        d1 = w3.fma(v1, d1);
        final FloatVector v2 = FloatVector.broadcast(S, hs[h2 + k]);
        a2 = w0.fma(v2, a2);
        b2 = w1.fma(v2, b2);
        c2 = w2.fma(v2, c2);
        d2 = w3.fma(v2, d2);
        final FloatVector v3 = FloatVector.broadcast(S, hs[h3 + k]);
        a3 = w0.fma(v3, a3);
        b3 = w1.fma(v3, b3);
        c3 = w2.fma(v3, c3);
        d3 = w3.fma(v3, d3);
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
