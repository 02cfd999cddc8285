// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of up to four rows, which are read where they lie: copies do not pay for so few. Where rows are fewer, up to
 * {@code last}, the last is there again.
 */
final class VectorTiles {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorTiles() {}

  /** Adds one part of the sums of a wide panel: that of the kernel or that of the recurrent kernel. */
  static void tile4x4(float[] weights, int at, int count, int last, Rows in, Rows out, int column) {
    final float[] ins = in.data;
    final float[] to = out.data;
    final int o = out.at + column;
    final int in0At = in.at + 0 * in.stride;
    final int o0 = o + 0 * out.stride;
    final int in1At = in.at + Math.min(1, last) * in.stride;
    final int o1 = o + Math.min(1, last) * out.stride;
    final int in2At = in.at + Math.min(2, last) * in.stride;
    final int o2 = o + Math.min(2, last) * out.stride;
    final int in3At = in.at + last * in.stride;
    final int o3 = o + last * out.stride;
    int q = at;
    for (int first = 0; first < count; first += Kernels.CHAIN) {
      final int end = Math.min(count, first + Kernels.CHAIN);
      FloatVector a00 = FloatVector.zero(S);
      FloatVector a01 = FloatVector.zero(S);
      FloatVector a02 = FloatVector.zero(S);
      FloatVector a03 = FloatVector.zero(S);
      FloatVector a10 = FloatVector.zero(S);
      FloatVector a11 = FloatVector.zero(S);
      FloatVector a12 = FloatVector.zero(S);
      FloatVector a13 = FloatVector.zero(S);
      FloatVector a20 = FloatVector.zero(S);
      FloatVector a21 = FloatVector.zero(S);
      FloatVector a22 = FloatVector.zero(S);
      FloatVector a23 = FloatVector.zero(S);
      FloatVector a30 = FloatVector.zero(S);
      FloatVector a31 = FloatVector.zero(S);
      FloatVector a32 = FloatVector.zero(S);
      FloatVector a33 = FloatVector.zero(S);
      for (int k = first; k < end; k++, q += 4 * L) {
        final FloatVector w0 = FloatVector.fromArray(S, weights, q);
        final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
        final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
        final FloatVector w3 = FloatVector.fromArray(S, weights, q + 3 * L);
        final FloatVector in0 = FloatVector.broadcast(S, ins[in0At + k]);
        a00 = w0.fma(in0, a00);
        a01 = w1.fma(in0, a01);
        a02 = w2.fma(in0, a02);
        a03 = w3.fma(in0, a03);
        final FloatVector in1 = FloatVector.broadcast(S, ins[in1At + k]);
        a10 = w0.fma(in1, a10);
        a11 = w1.fma(in1, a11);
        a12 = w2.fma(in1, a12);
        a13 = w3.fma(in1, a13);
        final FloatVector in2 = FloatVector.broadcast(S, ins[in2At + k]);
        a20 = w0.fma(in2, a20);
        a21 = w1.fma(in2, a21);
        a22 = w2.fma(in2, a22);
        a23 = w3.fma(in2, a23);
        final FloatVector in3 = FloatVector.broadcast(S, ins[in3At + k]);
        a30 = w0.fma(in3, a30);
        a31 = w1.fma(in3, a31);
        a32 = w2.fma(in3, a32);
        a33 = w3.fma(in3, a33);
      }
      a00 = a00.add(FloatVector.fromArray(S, to, o0));
      a01 = a01.add(FloatVector.fromArray(S, to, o0 + L));
      a02 = a02.add(FloatVector.fromArray(S, to, o0 + 2 * L));
      a03 = a03.add(FloatVector.fromArray(S, to, o0 + 3 * L));
      a10 = a10.add(FloatVector.fromArray(S, to, o1));
      a11 = a11.add(FloatVector.fromArray(S, to, o1 + L));
      a12 = a12.add(FloatVector.fromArray(S, to, o1 + 2 * L));
      a13 = a13.add(FloatVector.fromArray(S, to, o1 + 3 * L));
      a20 = a20.add(FloatVector.fromArray(S, to, o2));
      a21 = a21.add(FloatVector.fromArray(S, to, o2 + L));
      a22 = a22.add(FloatVector.fromArray(S, to, o2 + 2 * L));
      a23 = a23.add(FloatVector.fromArray(S, to, o2 + 3 * L));
      a30 = a30.add(FloatVector.fromArray(S, to, o3));
      a31 = a31.add(FloatVector.fromArray(S, to, o3 + L));
      a32 = a32.add(FloatVector.fromArray(S, to, o3 + 2 * L));
      a33 = a33.add(FloatVector.fromArray(S, to, o3 + 3 * L));
      a00.intoArray(to, o0);
      a01.intoArray(to, o0 + L);
      a02.intoArray(to, o0 + 2 * L);
      a03.intoArray(to, o0 + 3 * L);
      a10.intoArray(to, o1);
      a11.intoArray(to, o1 + L);
      a12.intoArray(to, o1 + 2 * L);
      a13.intoArray(to, o1 + 3 * L);
      a20.intoArray(to, o2);
      a21.intoArray(to, o2 + L);
      a22.intoArray(to, o2 + 2 * L);
      a23.intoArray(to, o2 + 3 * L);
      a30.intoArray(to, o3);
      a31.intoArray(to, o3 + L);
      a32.intoArray(to, o3 + 2 * L);
      a33.intoArray(to, o3 + 3 * L);
    }
  }

  /** Adds one part of the sums of a wide panel: that of the kernel or that of the recurrent kernel. */
  static void tile4x3(float[] weights, int at, int count, int last, Rows in, Rows out, int column) {
    final float[] ins = in.data;
    final float[] to = out.data;
    final int o = out.at + column;
    final int in0At = in.at + 0 * in.stride;
    final int o0 = o + 0 * out.stride;
    final int in1At = in.at + Math.min(1, last) * in.stride;
    final int o1 = o + Math.min(1, last) * out.stride;
    final int in2At = in.at + Math.min(2, last) * in.stride;
    final int o2 = o + Math.min(2, last) * out.stride;
    final int in3At = in.at + last * in.stride;
    final int o3 = o + last * out.stride;
    int q = at;
    for (int first = 0; first < count; first += Kernels.CHAIN) {
      final int end = Math.min(count, first + Kernels.CHAIN);
      FloatVector a00 = FloatVector.zero(S);
      FloatVector a01 = FloatVector.zero(S);
      FloatVector a02 = FloatVector.zero(S);
      FloatVector a10 = FloatVector.zero(S);
      FloatVector a11 = FloatVector.zero(S);
      FloatVector a12 = FloatVector.zero(S);
      FloatVector a20 = FloatVector.zero(S);
      FloatVector a21 = FloatVector.zero(S);
      FloatVector a22 = FloatVector.zero(S);
      FloatVector a30 = FloatVector.zero(S);
      FloatVector a31 = FloatVector.zero(S);
      FloatVector a32 = FloatVector.zero(S);
      for (int k = first; k < end; k++, q += 3 * L) {
        final FloatVector w0 = FloatVector.fromArray(S, weights, q);
        final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
        final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
        final FloatVector in0 = FloatVector.broadcast(S, ins[in0At + k]);
        a00 = w0.fma(in0, a00);
        a01 = w1.fma(in0, a01);
        a02 = w2.fma(in0, a02);
        final FloatVector in1 = FloatVector.broadcast(S, ins[in1At + k]);
        a10 = w0.fma(in1, a10);
        a11 = w1.fma(in1, a11);
        a12 = w2.fma(in1, a12);
        final FloatVector in2 = FloatVector.broadcast(S, ins[in2At + k]);
        a20 = w0.fma(in2, a20);
        a21 = w1.fma(in2, a21);
        a22 = w2.fma(in2, a22);
        final FloatVector in3 = FloatVector.broadcast(S, ins[in3At + k]);
        a30 = w0.fma(in3, a30);
        a31 = w1.fma(in3, a31);
        a32 = w2.fma(in3, a32);
      }
      a00 = a00.add(FloatVector.fromArray(S, to, o0));
      a01 = a01.add(FloatVector.fromArray(S, to, o0 + L));
      a02 = a02.add(FloatVector.fromArray(S, to, o0 + 2 * L));
      a10 = a10.add(FloatVector.fromArray(S, to, o1));
      a11 = a11.add(FloatVector.fromArray(S, to, o1 + L));
      a12 = a12.add(FloatVector.fromArray(S, to, o1 + 2 * L));
      a20 = a20.add(FloatVector.fromArray(S, to, o2));
      a21 = a21.add(FloatVector.fromArray(S, to, o2 + L));
      a22 = a22.add(FloatVector.fromArray(S, to, o2 + 2 * L));
      a30 = a30.add(FloatVector.fromArray(S, to, o3));
      a31 = a31.add(FloatVector.fromArray(S, to, o3 + L));
      a32 = a32.add(FloatVector.fromArray(S, to, o3 + 2 * L));
      a00.intoArray(to, o0);
      a01.intoArray(to, o0 + L);
      a02.intoArray(to, o0 + 2 * L);
      a10.intoArray(to, o1);
      a11.intoArray(to, o1 + L);
      a12.intoArray(to, o1 + 2 * L);
      a20.intoArray(to, o2);
      a21.intoArray(to, o2 + L);
      a22.intoArray(to, o2 + 2 * L);
      a30.intoArray(to, o3);
      a31.intoArray(to, o3 + L);
      a32.intoArray(to, o3 + 2 * L);
    }
  }

  /** All rows of the narrow panel behind the wide ones: four at once, then one by one. */
  static void narrow(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x == null ? weights : x.data;
    final float[] hs = h == null ? weights : h.data;
    final float[] to = out.data;
    final int inputs = x == null ? 0 : w.inputs;
    final int hidden = h == null ? 0 : w.hidden;
    final float[] from = start == null ? weights : start.data;
    final int xStride = x == null ? 0 : x.stride;
    final int hStride = h == null ? 0 : h.stride;
    final int startStride = start == null ? 0 : start.stride;
    final int skipped = x == null ? w.inputs * L : 0;
    final int at = w.base + w.wide * w.panelStride;
    int x0 = x == null ? 1 : x.at;
    int h0 = h == null ? 1 : h.at;
    int s = start == null ? at : start.at + w.wide * 4 * L;
    int o = out.at + w.wide * 4 * L;
    int row = 0;
    for (; row + 4 <= rows; row += 4, x0 += 4 * xStride, h0 += 4 * hStride, s += 4 * startStride, o += 4 * out.stride) {
      final int x1 = x0 + 1 * xStride;
      final int h1 = h0 + 1 * hStride;
      final int x2 = x0 + 2 * xStride;
      final int h2 = h0 + 2 * hStride;
      final int x3 = x0 + 3 * xStride;
      final int h3 = h0 + 3 * hStride;
      FloatVector s00 = FloatVector.fromArray(S, from, s);
      FloatVector s10 = FloatVector.fromArray(S, from, s + startStride);
      FloatVector s20 = FloatVector.fromArray(S, from, s + 2 * startStride);
      FloatVector s30 = FloatVector.fromArray(S, from, s + 3 * startStride);
      int q = at + L;
      for (int k = 0; k < inputs; ) {
        final int end = Math.min(k + Kernels.CHAIN, inputs);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a10 = FloatVector.zero(S);
        FloatVector a20 = FloatVector.zero(S);
        FloatVector a30 = FloatVector.zero(S);
        for (; k < end; k++, q += L) {
          final FloatVector w0 = FloatVector.fromArray(S, weights, q);
          final FloatVector in0 = FloatVector.broadcast(S, xs[x0 + k]);
          a00 = w0.fma(in0, a00);
          final FloatVector in1 = FloatVector.broadcast(S, xs[x1 + k]);
          a10 = w0.fma(in1, a10);
          final FloatVector in2 = FloatVector.broadcast(S, xs[x2 + k]);
          a20 = w0.fma(in2, a20);
          final FloatVector in3 = FloatVector.broadcast(S, xs[x3 + k]);
          a30 = w0.fma(in3, a30);
        }
        s00 = s00.add(a00);
        s10 = s10.add(a10);
        s20 = s20.add(a20);
        s30 = s30.add(a30);
      }
      q += skipped;
      for (int k = 0; k < hidden; ) {
        final int end = Math.min(k + Kernels.CHAIN, hidden);
        FloatVector a00 = FloatVector.zero(S);
        FloatVector a10 = FloatVector.zero(S);
        FloatVector a20 = FloatVector.zero(S);
        FloatVector a30 = FloatVector.zero(S);
        for (; k < end; k++, q += L) {
          final FloatVector w0 = FloatVector.fromArray(S, weights, q);
          final FloatVector in0 = FloatVector.broadcast(S, hs[h0 + k]);
          a00 = w0.fma(in0, a00);
          final FloatVector in1 = FloatVector.broadcast(S, hs[h1 + k]);
          a10 = w0.fma(in1, a10);
          final FloatVector in2 = FloatVector.broadcast(S, hs[h2 + k]);
          a20 = w0.fma(in2, a20);
          final FloatVector in3 = FloatVector.broadcast(S, hs[h3 + k]);
          a30 = w0.fma(in3, a30);
        }
        s00 = s00.add(a00);
        s10 = s10.add(a10);
        s20 = s20.add(a20);
        s30 = s30.add(a30);
      }
      s00.intoArray(to, o);
      s10.intoArray(to, o + out.stride);
      s20.intoArray(to, o + 2 * out.stride);
      s30.intoArray(to, o + 3 * out.stride);
    }
    for (; row < rows; row++, x0 += xStride, h0 += hStride, s += startStride, o += out.stride) {
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
}
