// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD kernels for bfloat16 weights, in words of two.
 *
 * <p>One row takes both halves of a word in one trip, with one panel at a time: twice as many chains in a method are more
 * than the compiler takes in. Tiles of four rows are bound by their multiply-adds, so they load a word once for each half
 * and need no end of their own for an odd count.
 */
final class VectorBfloat16 extends VectorKernels {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int L = S.length();
  private static final int UPPER = 0xffff0000;

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    ReducedWeights weights = (ReducedWeights) w;
    weights.begin(rows, start, out);
    if (x != null) {
      part(weights.kernel, rows, x, out);
    }
    if (h != null) {
      part(weights.recurrent, rows, h, out);
    }
  }

  private static void part(ReducedWeights.Part p, int rows, Rows in, Rows out) {
    for (int panel = 0; panel < p.wide; panel++) {
      int row = 0;
      // Three rows fill a tile well enough: the third stands for the fourth.
      for (; row + 3 <= rows; row += 4) {
        final int last = Math.min(row + 3, rows - 1);
        if (p.vectors == 4) {
          tile4x4(p, panel, row, last, in, out);
        } else {
          tile4x3(p, panel, row, last, in, out);
        }
      }
      final int at = p.base + panel * p.panelStride;
      for (; row < rows; row++) {
        final int x = in.at + row * in.stride;
        final int o = out.at + (p.first + 4 * panel) * L + row * out.stride;
        if (p.vectors == 4) {
          words1x4(p.data, at, p.count, in.data, x, out.data, o);
        } else {
          words1x3(p.data, at, p.count, in.data, x, out.data, o);
        }
      }
    }
    for (int row = 0; row < rows && p.narrow > 0; row += 4) {
      tile4x1(p, p.wide, row, Math.min(row + 3, rows - 1), in, out);
    }
  }

  /** One row, all weights of a word at a time. */
  private static void words1x4(int[] words, int at, int count, float[] ins, int x, float[] to,
      int o0) {
    FloatVector s00 = FloatVector.fromArray(S, to, o0);
    FloatVector s01 = FloatVector.fromArray(S, to, o0 + L);
    FloatVector s02 = FloatVector.fromArray(S, to, o0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(S, to, o0 + 3 * L);
    int q = at;
    for (int first = 0; first < count; first += Kernels.CHAIN) {
      final int end = Math.min(count, first + Kernels.CHAIN);
      FloatVector a00 = FloatVector.zero(S);
      FloatVector a01 = FloatVector.zero(S);
      FloatVector a02 = FloatVector.zero(S);
      FloatVector a03 = FloatVector.zero(S);
      int k = first;
      for (; k + 2 <= end; k += 2, q += 4 * L) {
        final IntVector word0 = IntVector.fromArray(I, words, q);
        final IntVector word1 = IntVector.fromArray(I, words, q + L);
        final IntVector word2 = IntVector.fromArray(I, words, q + 2 * L);
        final IntVector word3 = IntVector.fromArray(I, words, q + 3 * L);
        final FloatVector in0 = FloatVector.broadcast(S, ins[x + k]);
        a00 = word0.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a00);
        a01 = word1.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a01);
        a02 = word2.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a02);
        a03 = word3.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a03);
        final FloatVector in1 = FloatVector.broadcast(S, ins[x + k + 1]);
        a00 = word0.and(UPPER).reinterpretAsFloats().fma(in1, a00);
        a01 = word1.and(UPPER).reinterpretAsFloats().fma(in1, a01);
        a02 = word2.and(UPPER).reinterpretAsFloats().fma(in1, a02);
        a03 = word3.and(UPPER).reinterpretAsFloats().fma(in1, a03);
      }
      if (k < end) {
        final FloatVector in0 = FloatVector.broadcast(S, ins[x + k]);
        a00 = IntVector.fromArray(I, words, q).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a00);
        a01 = IntVector.fromArray(I, words, q + L).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a01);
        a02 = IntVector.fromArray(I, words, q + 2 * L).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a02);
        a03 = IntVector.fromArray(I, words, q + 3 * L).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a03);
      }
      s00 = a00.add(s00);
      s01 = a01.add(s01);
      s02 = a02.add(s02);
      s03 = a03.add(s03);
    }
    s00.intoArray(to, o0);
    s01.intoArray(to, o0 + L);
    s02.intoArray(to, o0 + 2 * L);
    s03.intoArray(to, o0 + 3 * L);
  }

  /** One row, all weights of a word at a time. */
  private static void words1x3(int[] words, int at, int count, float[] ins, int x, float[] to,
      int o0) {
    FloatVector s00 = FloatVector.fromArray(S, to, o0);
    FloatVector s01 = FloatVector.fromArray(S, to, o0 + L);
    FloatVector s02 = FloatVector.fromArray(S, to, o0 + 2 * L);
    int q = at;
    for (int first = 0; first < count; first += Kernels.CHAIN) {
      final int end = Math.min(count, first + Kernels.CHAIN);
      FloatVector a00 = FloatVector.zero(S);
      FloatVector a01 = FloatVector.zero(S);
      FloatVector a02 = FloatVector.zero(S);
      int k = first;
      for (; k + 2 <= end; k += 2, q += 3 * L) {
        final IntVector word0 = IntVector.fromArray(I, words, q);
        final IntVector word1 = IntVector.fromArray(I, words, q + L);
        final IntVector word2 = IntVector.fromArray(I, words, q + 2 * L);
        final FloatVector in0 = FloatVector.broadcast(S, ins[x + k]);
        a00 = word0.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a00);
        a01 = word1.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a01);
        a02 = word2.lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a02);
        final FloatVector in1 = FloatVector.broadcast(S, ins[x + k + 1]);
        a00 = word0.and(UPPER).reinterpretAsFloats().fma(in1, a00);
        a01 = word1.and(UPPER).reinterpretAsFloats().fma(in1, a01);
        a02 = word2.and(UPPER).reinterpretAsFloats().fma(in1, a02);
      }
      if (k < end) {
        final FloatVector in0 = FloatVector.broadcast(S, ins[x + k]);
        a00 = IntVector.fromArray(I, words, q).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a00);
        a01 = IntVector.fromArray(I, words, q + L).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a01);
        a02 = IntVector.fromArray(I, words, q + 2 * L).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a02);
      }
      s00 = a00.add(s00);
      s01 = a01.add(s01);
      s02 = a02.add(s02);
    }
    s00.intoArray(to, o0);
    s01.intoArray(to, o0 + L);
    s02.intoArray(to, o0 + 2 * L);
  }

  /** Rows {@code row} to {@code last}, and the last again up to four, one weight of a word at a time. */
  private static void tile4x4(ReducedWeights.Part p, int panel, int row, int last, Rows in, Rows out) {
    final int[] words = p.data;
    final float[] ins = in.data;
    final float[] to = out.data;
    final int count = p.count;
    final int o = out.at + (p.first + 4 * panel) * L;
    final int x0 = in.at + row * in.stride;
    final int o0 = o + row * out.stride;
    final int x1 = in.at + Math.min(row + 1, last) * in.stride;
    final int o1 = o + Math.min(row + 1, last) * out.stride;
    final int x2 = in.at + Math.min(row + 2, last) * in.stride;
    final int o2 = o + Math.min(row + 2, last) * out.stride;
    final int x3 = in.at + last * in.stride;
    final int o3 = o + last * out.stride;
    int q = p.base + panel * p.panelStride;
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
      for (int k = first; k < end; k++) {
        final int shift = 16 - 16 * (k & 1);
        final IntVector top0 = IntVector.fromArray(I, words, q).lanewise(LSHL, shift);
        final FloatVector w0 = top0.and(UPPER).reinterpretAsFloats();
        final IntVector top1 = IntVector.fromArray(I, words, q + L).lanewise(LSHL, shift);
        final FloatVector w1 = top1.and(UPPER).reinterpretAsFloats();
        final IntVector top2 = IntVector.fromArray(I, words, q + 2 * L).lanewise(LSHL, shift);
        final FloatVector w2 = top2.and(UPPER).reinterpretAsFloats();
        final IntVector top3 = IntVector.fromArray(I, words, q + 3 * L).lanewise(LSHL, shift);
        final FloatVector w3 = top3.and(UPPER).reinterpretAsFloats();
        final FloatVector in0 = FloatVector.broadcast(S, ins[x0 + k]);
        a00 = w0.fma(in0, a00);
        a01 = w1.fma(in0, a01);
        a02 = w2.fma(in0, a02);
        a03 = w3.fma(in0, a03);
        final FloatVector in1 = FloatVector.broadcast(S, ins[x1 + k]);
        a10 = w0.fma(in1, a10);
        a11 = w1.fma(in1, a11);
        a12 = w2.fma(in1, a12);
        a13 = w3.fma(in1, a13);
        final FloatVector in2 = FloatVector.broadcast(S, ins[x2 + k]);
        a20 = w0.fma(in2, a20);
        a21 = w1.fma(in2, a21);
        a22 = w2.fma(in2, a22);
        a23 = w3.fma(in2, a23);
        final FloatVector in3 = FloatVector.broadcast(S, ins[x3 + k]);
        a30 = w0.fma(in3, a30);
        a31 = w1.fma(in3, a31);
        a32 = w2.fma(in3, a32);
        a33 = w3.fma(in3, a33);
        q += shift == 0 ? 4 * L : 0;
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

  /** Rows {@code row} to {@code last}, and the last again up to four, one weight of a word at a time. */
  private static void tile4x3(ReducedWeights.Part p, int panel, int row, int last, Rows in, Rows out) {
    final int[] words = p.data;
    final float[] ins = in.data;
    final float[] to = out.data;
    final int count = p.count;
    final int o = out.at + (p.first + 4 * panel) * L;
    final int x0 = in.at + row * in.stride;
    final int o0 = o + row * out.stride;
    final int x1 = in.at + Math.min(row + 1, last) * in.stride;
    final int o1 = o + Math.min(row + 1, last) * out.stride;
    final int x2 = in.at + Math.min(row + 2, last) * in.stride;
    final int o2 = o + Math.min(row + 2, last) * out.stride;
    final int x3 = in.at + last * in.stride;
    final int o3 = o + last * out.stride;
    int q = p.base + panel * p.panelStride;
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
      for (int k = first; k < end; k++) {
        final int shift = 16 - 16 * (k & 1);
        final IntVector top0 = IntVector.fromArray(I, words, q).lanewise(LSHL, shift);
        final FloatVector w0 = top0.and(UPPER).reinterpretAsFloats();
        final IntVector top1 = IntVector.fromArray(I, words, q + L).lanewise(LSHL, shift);
        final FloatVector w1 = top1.and(UPPER).reinterpretAsFloats();
        final IntVector top2 = IntVector.fromArray(I, words, q + 2 * L).lanewise(LSHL, shift);
        final FloatVector w2 = top2.and(UPPER).reinterpretAsFloats();
        final FloatVector in0 = FloatVector.broadcast(S, ins[x0 + k]);
        a00 = w0.fma(in0, a00);
        a01 = w1.fma(in0, a01);
        a02 = w2.fma(in0, a02);
        final FloatVector in1 = FloatVector.broadcast(S, ins[x1 + k]);
        a10 = w0.fma(in1, a10);
        a11 = w1.fma(in1, a11);
        a12 = w2.fma(in1, a12);
        final FloatVector in2 = FloatVector.broadcast(S, ins[x2 + k]);
        a20 = w0.fma(in2, a20);
        a21 = w1.fma(in2, a21);
        a22 = w2.fma(in2, a22);
        final FloatVector in3 = FloatVector.broadcast(S, ins[x3 + k]);
        a30 = w0.fma(in3, a30);
        a31 = w1.fma(in3, a31);
        a32 = w2.fma(in3, a32);
        q += shift == 0 ? 3 * L : 0;
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

  /** Rows {@code row} to {@code last}, and the last again up to four, one weight of a word at a time. */
  private static void tile4x1(ReducedWeights.Part p, int panel, int row, int last, Rows in, Rows out) {
    final int[] words = p.data;
    final float[] ins = in.data;
    final float[] to = out.data;
    final int count = p.count;
    final int o = out.at + (p.first + 4 * panel) * L;
    final int x0 = in.at + row * in.stride;
    final int o0 = o + row * out.stride;
    final int x1 = in.at + Math.min(row + 1, last) * in.stride;
    final int o1 = o + Math.min(row + 1, last) * out.stride;
    final int x2 = in.at + Math.min(row + 2, last) * in.stride;
    final int o2 = o + Math.min(row + 2, last) * out.stride;
    final int x3 = in.at + last * in.stride;
    final int o3 = o + last * out.stride;
    int q = p.base + panel * p.panelStride;
    for (int first = 0; first < count; first += Kernels.CHAIN) {
      final int end = Math.min(count, first + Kernels.CHAIN);
      FloatVector a00 = FloatVector.zero(S);
      FloatVector a10 = FloatVector.zero(S);
      FloatVector a20 = FloatVector.zero(S);
      FloatVector a30 = FloatVector.zero(S);
      for (int k = first; k < end; k++) {
        final int shift = 16 - 16 * (k & 1);
        final IntVector top0 = IntVector.fromArray(I, words, q).lanewise(LSHL, shift);
        final FloatVector w0 = top0.and(UPPER).reinterpretAsFloats();
        final FloatVector in0 = FloatVector.broadcast(S, ins[x0 + k]);
        a00 = w0.fma(in0, a00);
        final FloatVector in1 = FloatVector.broadcast(S, ins[x1 + k]);
        a10 = w0.fma(in1, a10);
        final FloatVector in2 = FloatVector.broadcast(S, ins[x2 + k]);
        a20 = w0.fma(in2, a20);
        final FloatVector in3 = FloatVector.broadcast(S, ins[x3 + k]);
        a30 = w0.fma(in3, a30);
        q += shift == 0 ? L : 0;
      }
      a00 = a00.add(FloatVector.fromArray(S, to, o0));
      a10 = a10.add(FloatVector.fromArray(S, to, o1));
      a20 = a20.add(FloatVector.fromArray(S, to, o2));
      a30 = a30.add(FloatVector.fromArray(S, to, o3));
      a00.intoArray(to, o0);
      a10.intoArray(to, o1);
      a20.intoArray(to, o2);
      a30.intoArray(to, o3);
    }
  }
}
