// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of one row, whose sums stay in registers; {@link VectorMatmul} has what is for several.
 *
 * <p>One row moves at the speed at which weights are loaded; it takes two panels at once, or both chains of one, which are eight
 * vectors, to hide the latency of a multiply-add. The row is read where it lies. The input comes first, the weight second: only
 * so does the compiler make the load a part of the multiply-add.
 *
 * <p>Operands that are absent begin at place 1: the compiler checks a loop's last place ahead of all loops, that of no
 * trips too, and were it -1, the compiled code would be thrown away.
 */
final class VectorRow {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorRow() {}

  /** All wide panels: two at once, then the odd one. */
  static void wide(PackedWeights w, Rows start, Rows x, Rows h, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] to = out.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final float[] from = start == null ? weights : start.data;
    final int x0 = x == null ? 1 : x.at;
    final int h0 = h == null ? 1 : h.at;
    final int stride = w.panelStride;
    final int skipped = x == null ? w.inputs * 4 * L : 0;
    final int startPanel = start == null ? stride : 4 * L;
    final int first = start == null ? w.base : start.at;
    final boolean backwards = out.turn();
    final int pairs = w.wide / 2;
    for (int i = 0; i < pairs; i++) {
      final int panel = 2 * (backwards ? pairs - 1 - i : i);
      final int at = w.base + panel * stride;
      final int s = first + panel * startPanel;
      final int o = out.at + panel * 4 * L;
      FloatVector s00 = FloatVector.fromArray(S, from, s);
      FloatVector s01 = FloatVector.fromArray(S, from, s + L);
      FloatVector s02 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector s03 = FloatVector.fromArray(S, from, s + 3 * L);
      FloatVector s04 = FloatVector.fromArray(S, from, s + startPanel);
      FloatVector s05 = FloatVector.fromArray(S, from, s + startPanel + L);
      FloatVector s06 = FloatVector.fromArray(S, from, s + startPanel + 2 * L);
      FloatVector s07 = FloatVector.fromArray(S, from, s + startPanel + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; ) {
        final int end = Math.min(k + Kernels.CHAIN, inputs);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a03 = FloatVector.zero(S);
        FloatVector a04 = FloatVector.zero(S);
        FloatVector a05 = FloatVector.zero(S);
        FloatVector a06 = FloatVector.zero(S);
        FloatVector a07 = FloatVector.zero(S);
        for (; k < end; k++, q += 4 * L) {
          final FloatVector in = FloatVector.broadcast(S, xs[x0 + k]);
          final int u = q + stride;
          a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
          a01 = in.fma(FloatVector.fromArray(S, weights, q + L), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a02);
          a03 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), a03);
          a04 = in.fma(FloatVector.fromArray(S, weights, u), a04);
          a05 = in.fma(FloatVector.fromArray(S, weights, u + L), a05);
          a06 = in.fma(FloatVector.fromArray(S, weights, u + 2 * L), a06);
          a07 = in.fma(FloatVector.fromArray(S, weights, u + 3 * L), a07);
        }
        s00 = s00.add(a00);
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s03 = s03.add(a03);
        s04 = s04.add(a04);
        s05 = s05.add(a05);
        s06 = s06.add(a06);
        s07 = s07.add(a07);
      }
      q += skipped;
      for (int k = 0; k < hidden; ) {
        final int end = Math.min(k + Kernels.CHAIN, hidden);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a03 = FloatVector.zero(S);
        FloatVector a04 = FloatVector.zero(S);
        FloatVector a05 = FloatVector.zero(S);
        FloatVector a06 = FloatVector.zero(S);
        FloatVector a07 = FloatVector.zero(S);
        for (; k < end; k++, q += 4 * L) {
          final FloatVector in = FloatVector.broadcast(S, hs[h0 + k]);
          final int u = q + stride;
          a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
          a01 = in.fma(FloatVector.fromArray(S, weights, q + L), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a02);
          a03 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), a03);
          a04 = in.fma(FloatVector.fromArray(S, weights, u), a04);
          a05 = in.fma(FloatVector.fromArray(S, weights, u + L), a05);
          a06 = in.fma(FloatVector.fromArray(S, weights, u + 2 * L), a06);
          a07 = in.fma(FloatVector.fromArray(S, weights, u + 3 * L), a07);
        }
        s00 = s00.add(a00);
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s03 = s03.add(a03);
        s04 = s04.add(a04);
        s05 = s05.add(a05);
        s06 = s06.add(a06);
        s07 = s07.add(a07);
      }
      s00.intoArray(to, o);
      s01.intoArray(to, o + L);
      s02.intoArray(to, o + 2 * L);
      s03.intoArray(to, o + 3 * L);
      s04.intoArray(to, o + 4 * L);
      s05.intoArray(to, o + 5 * L);
      s06.intoArray(to, o + 6 * L);
      s07.intoArray(to, o + 7 * L);
    }
    if (2 * pairs < w.wide) {
      final int panel = 2 * pairs;
      final int at = w.base + panel * stride;
      final int s = first + panel * startPanel;
      final int o = out.at + panel * 4 * L;
      FloatVector s00 = FloatVector.fromArray(S, from, s);
      FloatVector s01 = FloatVector.fromArray(S, from, s + L);
      FloatVector s02 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector s03 = FloatVector.fromArray(S, from, s + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; ) {
        final int end = Math.min(k + Kernels.CHAIN, inputs);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a03 = FloatVector.zero(S);
        for (; k < end; k++, q += 4 * L) {
          final FloatVector in = FloatVector.broadcast(S, xs[x0 + k]);
          a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
          a01 = in.fma(FloatVector.fromArray(S, weights, q + L), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a02);
          a03 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), a03);
        }
        s00 = s00.add(a00);
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s03 = s03.add(a03);
      }
      q += skipped;
      for (int k = 0; k < hidden; ) {
        final int end = Math.min(k + Kernels.CHAIN, hidden);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a03 = FloatVector.zero(S);
        for (; k < end; k++, q += 4 * L) {
          final FloatVector in = FloatVector.broadcast(S, hs[h0 + k]);
          a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
          a01 = in.fma(FloatVector.fromArray(S, weights, q + L), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a02);
          a03 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), a03);
        }
        s00 = s00.add(a00);
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s03 = s03.add(a03);
      }
      s00.intoArray(to, o);
      s01.intoArray(to, o + L);
      s02.intoArray(to, o + 2 * L);
      s03.intoArray(to, o + 3 * L);
    }
  }

  /** All wide panels: two at once, then the odd one. */
  static void wideGru(PackedWeights w, Rows start, Rows x, Rows h, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] to = out.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final float[] from = start == null ? weights : start.data;
    final int x0 = x == null ? 1 : x.at;
    final int h0 = h == null ? 1 : h.at;
    final int stride = w.panelStride;
    final int skipped = x == null ? w.inputs * 3 * L : 0;
    final int startPanel = start == null ? stride : 4 * L;
    final int first = start == null ? w.base : start.at;
    final boolean backwards = out.turn();
    final int pairs = w.wide / 2;
    for (int i = 0; i < pairs; i++) {
      final int panel = 2 * (backwards ? pairs - 1 - i : i);
      final int at = w.base + panel * stride;
      final int s = first + panel * startPanel;
      final int o = out.at + panel * 4 * L;
      FloatVector s00 = FloatVector.fromArray(S, from, s);
      FloatVector s01 = FloatVector.fromArray(S, from, s + L);
      FloatVector s02 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector s03 = FloatVector.fromArray(S, from, s + 3 * L);
      FloatVector s04 = FloatVector.fromArray(S, from, s + startPanel);
      FloatVector s05 = FloatVector.fromArray(S, from, s + startPanel + L);
      FloatVector s06 = FloatVector.fromArray(S, from, s + startPanel + 2 * L);
      FloatVector s07 = FloatVector.fromArray(S, from, s + startPanel + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; ) {
        final int end = Math.min(k + Kernels.CHAIN, inputs);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a04 = FloatVector.zero(S);
        FloatVector a05 = FloatVector.zero(S);
        FloatVector a06 = FloatVector.zero(S);
        for (; k < end; k++, q += 3 * L) {
          final FloatVector in = FloatVector.broadcast(S, xs[x0 + k]);
          final int u = q + stride;
          a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
          a01 = in.fma(FloatVector.fromArray(S, weights, q + L), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a02);
          a04 = in.fma(FloatVector.fromArray(S, weights, u), a04);
          a05 = in.fma(FloatVector.fromArray(S, weights, u + L), a05);
          a06 = in.fma(FloatVector.fromArray(S, weights, u + 2 * L), a06);
        }
        s00 = s00.add(a00);
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s04 = s04.add(a04);
        s05 = s05.add(a05);
        s06 = s06.add(a06);
      }
      q += skipped;
      for (int k = 0; k < hidden; ) {
        final int end = Math.min(k + Kernels.CHAIN, hidden);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a03 = FloatVector.zero(S);
        FloatVector a05 = FloatVector.zero(S);
        FloatVector a06 = FloatVector.zero(S);
        FloatVector a07 = FloatVector.zero(S);
        for (; k < end; k++, q += 3 * L) {
          final FloatVector in = FloatVector.broadcast(S, hs[h0 + k]);
          final int u = q + stride;
          a01 = in.fma(FloatVector.fromArray(S, weights, q), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + L), a02);
          a03 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a03);
          a05 = in.fma(FloatVector.fromArray(S, weights, u), a05);
          a06 = in.fma(FloatVector.fromArray(S, weights, u + L), a06);
          a07 = in.fma(FloatVector.fromArray(S, weights, u + 2 * L), a07);
        }
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s03 = s03.add(a03);
        s05 = s05.add(a05);
        s06 = s06.add(a06);
        s07 = s07.add(a07);
      }
      s00.intoArray(to, o);
      s01.intoArray(to, o + L);
      s02.intoArray(to, o + 2 * L);
      s03.intoArray(to, o + 3 * L);
      s04.intoArray(to, o + 4 * L);
      s05.intoArray(to, o + 5 * L);
      s06.intoArray(to, o + 6 * L);
      s07.intoArray(to, o + 7 * L);
    }
    if (2 * pairs < w.wide) {
      final int panel = 2 * pairs;
      final int at = w.base + panel * stride;
      final int s = first + panel * startPanel;
      final int o = out.at + panel * 4 * L;
      FloatVector s00 = FloatVector.fromArray(S, from, s);
      FloatVector s01 = FloatVector.fromArray(S, from, s + L);
      FloatVector s02 = FloatVector.fromArray(S, from, s + 2 * L);
      FloatVector s03 = FloatVector.fromArray(S, from, s + 3 * L);
      int q = at + 4 * L;
      for (int k = 0; k < inputs; ) {
        final int end = Math.min(k + Kernels.CHAIN, inputs);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        for (; k < end; k++, q += 3 * L) {
          final FloatVector in = FloatVector.broadcast(S, xs[x0 + k]);
          a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
          a01 = in.fma(FloatVector.fromArray(S, weights, q + L), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a02);
        }
        s00 = s00.add(a00);
        s01 = s01.add(a01);
        s02 = s02.add(a02);
      }
      q += skipped;
      for (int k = 0; k < hidden; ) {
        final int end = Math.min(k + Kernels.CHAIN, hidden);
        FloatVector a01 = FloatVector.zero(S);
        FloatVector a02 = FloatVector.zero(S);
        FloatVector a03 = FloatVector.zero(S);
        for (; k < end; k++, q += 3 * L) {
          final FloatVector in = FloatVector.broadcast(S, hs[h0 + k]);
          a01 = in.fma(FloatVector.fromArray(S, weights, q), a01);
          a02 = in.fma(FloatVector.fromArray(S, weights, q + L), a02);
          a03 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), a03);
        }
        s01 = s01.add(a01);
        s02 = s02.add(a02);
        s03 = s03.add(a03);
      }
      s00.intoArray(to, o);
      s01.intoArray(to, o + L);
      s02.intoArray(to, o + 2 * L);
      s03.intoArray(to, o + 3 * L);
    }
  }

  /** All wide panels, one by one, where {@link PackedWeights#sideBySide}. */
  static void sideBySide(PackedWeights w, Rows x, Rows h, Rows out) {
    final boolean backwards = out.turn();
    for (int i = 0; i < w.wide; i++) {
      panel(w, backwards ? w.wide - 1 - i : i, x, h, out);
    }
  }

  private static void panel(PackedWeights w, int panel, Rows x, Rows h, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x.data;
    final float[] hs = h.data;
    final int inputs = w.inputs;
    final int hidden = w.hidden;
    final int xAt = x.at;
    final int hAt = h.at;
    final int s = w.base + panel * w.panelStride;
    final int rowStride = w.rowStride;
    int q = s + 4 * L;
    final int both = Math.min(inputs, hidden);
    int u = q + inputs * rowStride;
    FloatVector x0 = FloatVector.zero(S);
    FloatVector x1 = FloatVector.zero(S);
    FloatVector x2 = FloatVector.zero(S);
    FloatVector x3 = FloatVector.zero(S);
    FloatVector h0 = FloatVector.zero(S);
    FloatVector h1 = FloatVector.zero(S);
    FloatVector h2 = FloatVector.zero(S);
    FloatVector h3 = FloatVector.zero(S);
    for (int k = 0; k < both; k++, q += rowStride, u += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      x3 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), x3);
      h0 = re.fma(FloatVector.fromArray(S, weights, u), h0);
      h1 = re.fma(FloatVector.fromArray(S, weights, u + L), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, u + 3 * L), h3);
    }
    for (int k = both; k < inputs; k++, q += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      x3 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), x3);
    }
    for (int k = both; k < hidden; k++, u += rowStride) {
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      h0 = re.fma(FloatVector.fromArray(S, weights, u), h0);
      h1 = re.fma(FloatVector.fromArray(S, weights, u + L), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, u + 3 * L), h3);
    }
    final float[] to = out.data;
    final int o = out.at + panel * 4 * L;
    FloatVector.fromArray(S, weights, s).add(x0).add(h0).intoArray(to, o);
    FloatVector.fromArray(S, weights, s + L).add(x1).add(h1).intoArray(to, o + L);
    FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h2).intoArray(to, o + 2 * L);
    FloatVector.fromArray(S, weights, s + 3 * L).add(x3).add(h3).intoArray(to, o + 3 * L);
  }

  /** All wide panels, one by one, where {@link PackedWeights#sideBySide}. */
  static void sideBySideGru(PackedWeights w, Rows x, Rows h, Rows out) {
    final boolean backwards = out.turn();
    for (int i = 0; i < w.wide; i++) {
      panelGru(w, backwards ? w.wide - 1 - i : i, x, h, out);
    }
  }

  private static void panelGru(PackedWeights w, int panel, Rows x, Rows h, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x.data;
    final float[] hs = h.data;
    final int inputs = w.inputs;
    final int hidden = w.hidden;
    final int xAt = x.at;
    final int hAt = h.at;
    final int s = w.base + panel * w.panelStride;
    final int rowStride = w.rowStride;
    int q = s + 4 * L;
    final int both = Math.min(inputs, hidden);
    int u = q + inputs * rowStride;
    FloatVector x0 = FloatVector.zero(S);
    FloatVector x1 = FloatVector.zero(S);
    FloatVector x2 = FloatVector.zero(S);
    FloatVector h1 = FloatVector.zero(S);
    FloatVector h2 = FloatVector.zero(S);
    FloatVector h3 = FloatVector.zero(S);
    for (int k = 0; k < both; k++, q += rowStride, u += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      h1 = re.fma(FloatVector.fromArray(S, weights, u), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, u + L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h3);
    }
    for (int k = both; k < inputs; k++, q += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
    }
    for (int k = both; k < hidden; k++, u += rowStride) {
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      h1 = re.fma(FloatVector.fromArray(S, weights, u), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, u + L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h3);
    }
    final float[] to = out.data;
    final int o = out.at + panel * 4 * L;
    FloatVector.fromArray(S, weights, s).add(x0).intoArray(to, o);
    FloatVector.fromArray(S, weights, s + L).add(x1).add(h1).intoArray(to, o + L);
    FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h2).intoArray(to, o + 2 * L);
    FloatVector.fromArray(S, weights, s + 3 * L).add(h3).intoArray(to, o + 3 * L);
  }

  /** The narrow panel behind the wide ones. */
  static void narrow(PackedWeights w, Rows start, Rows x, Rows h, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] to = out.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final float[] from = start == null ? weights : start.data;
    final int x0 = x == null ? 1 : x.at;
    final int h0 = h == null ? 1 : h.at;
    final int skipped = x == null ? w.inputs * L : 0;
    final int at = w.base + w.wide * w.panelStride;
    final int s = start == null ? at : start.at + w.wide * 4 * L;
    final int o = out.at + w.wide * 4 * L;
    FloatVector s00 = FloatVector.fromArray(S, from, s);
    int q = at + L;
    for (int k = 0; k < inputs; ) {
      final int end = Math.min(k + Kernels.CHAIN, inputs);
      FloatVector a00 = FloatVector.zero(S);
      for (; k < end; k++, q += L) {
        final FloatVector in = FloatVector.broadcast(S, xs[x0 + k]);
        a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
      }
      s00 = s00.add(a00);
    }
    q += skipped;
    for (int k = 0; k < hidden; ) {
      final int end = Math.min(k + Kernels.CHAIN, hidden);
      FloatVector a00 = FloatVector.zero(S);
      for (; k < end; k++, q += L) {
        final FloatVector in = FloatVector.broadcast(S, hs[h0 + k]);
        a00 = in.fma(FloatVector.fromArray(S, weights, q), a00);
      }
      s00 = s00.add(a00);
    }
    s00.intoArray(to, o);
  }
}
