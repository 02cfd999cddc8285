// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of several rows by tall tiles, whose inputs have been copied; {@link VectorMatmul} says which rows go in which.
 *
 * <p>What counts is how many instructions the processor must take in for each multiply-add: it takes in four a cycle and
 * does two multiply-adds, and where two threads share a core each gets half. Six rows use each loaded weight six times.
 * Their inputs are copied first, to rows whose distance the compiler knows: rows where they lie need an address each,
 * computed anew for each input, which is as much work as the loads themselves. Twenty-four accumulators are what 32
 * registers hold beside weights and inputs.
 */
final class VectorCopiedTiles {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();
  /** Floats from row to row of the copies, the first of which is row 1; a block of inputs is no longer. */
  private static final int BLOCK = PackedWeights.BLOCK;

  private VectorCopiedTiles() {}

  /** Inputs {@code first} and {@code count} in all, rows up to {@code last}, and the last again up to 6. */
  static void tile6x4(float[] weights, int at, float[] copies, int first, int count, int last, float[] from, int s,
      int startStride, float[] to, int o, int stride) {
    FloatVector a00 = FloatVector.fromArray(S, from, s);
    FloatVector a01 = FloatVector.fromArray(S, from, s + L);
    FloatVector a02 = FloatVector.fromArray(S, from, s + 2 * L);
    FloatVector a03 = FloatVector.fromArray(S, from, s + 3 * L);
    FloatVector a10 = FloatVector.fromArray(S, from, s + startStride);
    FloatVector a11 = FloatVector.fromArray(S, from, s + startStride + L);
    FloatVector a12 = FloatVector.fromArray(S, from, s + startStride + 2 * L);
    FloatVector a13 = FloatVector.fromArray(S, from, s + startStride + 3 * L);
    FloatVector a20 = FloatVector.fromArray(S, from, s + 2 * startStride);
    FloatVector a21 = FloatVector.fromArray(S, from, s + 2 * startStride + L);
    FloatVector a22 = FloatVector.fromArray(S, from, s + 2 * startStride + 2 * L);
    FloatVector a23 = FloatVector.fromArray(S, from, s + 2 * startStride + 3 * L);
    FloatVector a30 = FloatVector.fromArray(S, from, s + 3 * startStride);
    FloatVector a31 = FloatVector.fromArray(S, from, s + 3 * startStride + L);
    FloatVector a32 = FloatVector.fromArray(S, from, s + 3 * startStride + 2 * L);
    FloatVector a33 = FloatVector.fromArray(S, from, s + 3 * startStride + 3 * L);
    FloatVector a40 = FloatVector.fromArray(S, from, s + 4 * startStride);
    FloatVector a41 = FloatVector.fromArray(S, from, s + 4 * startStride + L);
    FloatVector a42 = FloatVector.fromArray(S, from, s + 4 * startStride + 2 * L);
    FloatVector a43 = FloatVector.fromArray(S, from, s + 4 * startStride + 3 * L);
    FloatVector a50 = FloatVector.fromArray(S, from, s + last * startStride);
    FloatVector a51 = FloatVector.fromArray(S, from, s + last * startStride + L);
    FloatVector a52 = FloatVector.fromArray(S, from, s + last * startStride + 2 * L);
    FloatVector a53 = FloatVector.fromArray(S, from, s + last * startStride + 3 * L);
    final int begin = at - first * 4 * L;
    for (int k = first; k < first + count; k++) {
      final int q = begin + k * (4 * L);
      final FloatVector w0 = FloatVector.fromArray(S, weights, q);
      final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
      final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
      final FloatVector w3 = FloatVector.fromArray(S, weights, q + 3 * L);
      final FloatVector in0 = FloatVector.broadcast(S, copies[k + BLOCK]);
      a00 = w0.fma(in0, a00);
      a01 = w1.fma(in0, a01);
      a02 = w2.fma(in0, a02);
      a03 = w3.fma(in0, a03);
      final FloatVector in1 = FloatVector.broadcast(S, copies[k + 2 * BLOCK]);
      a10 = w0.fma(in1, a10);
      a11 = w1.fma(in1, a11);
      a12 = w2.fma(in1, a12);
      a13 = w3.fma(in1, a13);
      final FloatVector in2 = FloatVector.broadcast(S, copies[k + 3 * BLOCK]);
      a20 = w0.fma(in2, a20);
      a21 = w1.fma(in2, a21);
      a22 = w2.fma(in2, a22);
      a23 = w3.fma(in2, a23);
      final FloatVector in3 = FloatVector.broadcast(S, copies[k + 4 * BLOCK]);
      a30 = w0.fma(in3, a30);
      a31 = w1.fma(in3, a31);
      a32 = w2.fma(in3, a32);
      a33 = w3.fma(in3, a33);
      final FloatVector in4 = FloatVector.broadcast(S, copies[k + 5 * BLOCK]);
      a40 = w0.fma(in4, a40);
      a41 = w1.fma(in4, a41);
      a42 = w2.fma(in4, a42);
      a43 = w3.fma(in4, a43);
      final FloatVector in5 = FloatVector.broadcast(S, copies[k + 6 * BLOCK]);
      a50 = w0.fma(in5, a50);
      a51 = w1.fma(in5, a51);
      a52 = w2.fma(in5, a52);
      a53 = w3.fma(in5, a53);
    }
    a00.intoArray(to, o);
    a01.intoArray(to, o + L);
    a02.intoArray(to, o + 2 * L);
    a03.intoArray(to, o + 3 * L);
    a10.intoArray(to, o + stride);
    a11.intoArray(to, o + stride + L);
    a12.intoArray(to, o + stride + 2 * L);
    a13.intoArray(to, o + stride + 3 * L);
    a20.intoArray(to, o + 2 * stride);
    a21.intoArray(to, o + 2 * stride + L);
    a22.intoArray(to, o + 2 * stride + 2 * L);
    a23.intoArray(to, o + 2 * stride + 3 * L);
    a30.intoArray(to, o + 3 * stride);
    a31.intoArray(to, o + 3 * stride + L);
    a32.intoArray(to, o + 3 * stride + 2 * L);
    a33.intoArray(to, o + 3 * stride + 3 * L);
    a40.intoArray(to, o + 4 * stride);
    a41.intoArray(to, o + 4 * stride + L);
    a42.intoArray(to, o + 4 * stride + 2 * L);
    a43.intoArray(to, o + 4 * stride + 3 * L);
    a50.intoArray(to, o + last * stride);
    a51.intoArray(to, o + last * stride + L);
    a52.intoArray(to, o + last * stride + 2 * L);
    a53.intoArray(to, o + last * stride + 3 * L);
  }

  /** Inputs {@code first} and {@code count} in all, rows up to {@code last}, and the last again up to 8. */
  static void tile8x3(float[] weights, int at, float[] copies, int first, int count, int last, float[] from, int s,
      int startStride, float[] to, int o, int stride) {
    final int row5 = Math.min(5, last);
    final int row6 = Math.min(6, last);
    FloatVector a00 = FloatVector.fromArray(S, from, s);
    FloatVector a01 = FloatVector.fromArray(S, from, s + L);
    FloatVector a02 = FloatVector.fromArray(S, from, s + 2 * L);
    FloatVector a10 = FloatVector.fromArray(S, from, s + startStride);
    FloatVector a11 = FloatVector.fromArray(S, from, s + startStride + L);
    FloatVector a12 = FloatVector.fromArray(S, from, s + startStride + 2 * L);
    FloatVector a20 = FloatVector.fromArray(S, from, s + 2 * startStride);
    FloatVector a21 = FloatVector.fromArray(S, from, s + 2 * startStride + L);
    FloatVector a22 = FloatVector.fromArray(S, from, s + 2 * startStride + 2 * L);
    FloatVector a30 = FloatVector.fromArray(S, from, s + 3 * startStride);
    FloatVector a31 = FloatVector.fromArray(S, from, s + 3 * startStride + L);
    FloatVector a32 = FloatVector.fromArray(S, from, s + 3 * startStride + 2 * L);
    FloatVector a40 = FloatVector.fromArray(S, from, s + 4 * startStride);
    FloatVector a41 = FloatVector.fromArray(S, from, s + 4 * startStride + L);
    FloatVector a42 = FloatVector.fromArray(S, from, s + 4 * startStride + 2 * L);
    FloatVector a50 = FloatVector.fromArray(S, from, s + row5 * startStride);
    FloatVector a51 = FloatVector.fromArray(S, from, s + row5 * startStride + L);
    FloatVector a52 = FloatVector.fromArray(S, from, s + row5 * startStride + 2 * L);
    FloatVector a60 = FloatVector.fromArray(S, from, s + row6 * startStride);
    FloatVector a61 = FloatVector.fromArray(S, from, s + row6 * startStride + L);
    FloatVector a62 = FloatVector.fromArray(S, from, s + row6 * startStride + 2 * L);
    FloatVector a70 = FloatVector.fromArray(S, from, s + last * startStride);
    FloatVector a71 = FloatVector.fromArray(S, from, s + last * startStride + L);
    FloatVector a72 = FloatVector.fromArray(S, from, s + last * startStride + 2 * L);
    final int begin = at - first * 3 * L;
    for (int k = first; k < first + count; k++) {
      final int q = begin + k * (3 * L);
      final FloatVector w0 = FloatVector.fromArray(S, weights, q);
      final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
      final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
      final FloatVector in0 = FloatVector.broadcast(S, copies[k + BLOCK]);
      a00 = w0.fma(in0, a00);
      a01 = w1.fma(in0, a01);
      a02 = w2.fma(in0, a02);
      final FloatVector in1 = FloatVector.broadcast(S, copies[k + 2 * BLOCK]);
      a10 = w0.fma(in1, a10);
      a11 = w1.fma(in1, a11);
      a12 = w2.fma(in1, a12);
      final FloatVector in2 = FloatVector.broadcast(S, copies[k + 3 * BLOCK]);
      a20 = w0.fma(in2, a20);
      a21 = w1.fma(in2, a21);
      a22 = w2.fma(in2, a22);
      final FloatVector in3 = FloatVector.broadcast(S, copies[k + 4 * BLOCK]);
      a30 = w0.fma(in3, a30);
      a31 = w1.fma(in3, a31);
      a32 = w2.fma(in3, a32);
      final FloatVector in4 = FloatVector.broadcast(S, copies[k + 5 * BLOCK]);
      a40 = w0.fma(in4, a40);
      a41 = w1.fma(in4, a41);
      a42 = w2.fma(in4, a42);
      final FloatVector in5 = FloatVector.broadcast(S, copies[k + 6 * BLOCK]);
      a50 = w0.fma(in5, a50);
      a51 = w1.fma(in5, a51);
      a52 = w2.fma(in5, a52);
      final FloatVector in6 = FloatVector.broadcast(S, copies[k + 7 * BLOCK]);
      a60 = w0.fma(in6, a60);
      a61 = w1.fma(in6, a61);
      a62 = w2.fma(in6, a62);
      final FloatVector in7 = FloatVector.broadcast(S, copies[k + 8 * BLOCK]);
      a70 = w0.fma(in7, a70);
      a71 = w1.fma(in7, a71);
      a72 = w2.fma(in7, a72);
    }
    a00.intoArray(to, o);
    a01.intoArray(to, o + L);
    a02.intoArray(to, o + 2 * L);
    a10.intoArray(to, o + stride);
    a11.intoArray(to, o + stride + L);
    a12.intoArray(to, o + stride + 2 * L);
    a20.intoArray(to, o + 2 * stride);
    a21.intoArray(to, o + 2 * stride + L);
    a22.intoArray(to, o + 2 * stride + 2 * L);
    a30.intoArray(to, o + 3 * stride);
    a31.intoArray(to, o + 3 * stride + L);
    a32.intoArray(to, o + 3 * stride + 2 * L);
    a40.intoArray(to, o + 4 * stride);
    a41.intoArray(to, o + 4 * stride + L);
    a42.intoArray(to, o + 4 * stride + 2 * L);
    a50.intoArray(to, o + row5 * stride);
    a51.intoArray(to, o + row5 * stride + L);
    a52.intoArray(to, o + row5 * stride + 2 * L);
    a60.intoArray(to, o + row6 * stride);
    a61.intoArray(to, o + row6 * stride + L);
    a62.intoArray(to, o + row6 * stride + 2 * L);
    a70.intoArray(to, o + last * stride);
    a71.intoArray(to, o + last * stride + L);
    a72.intoArray(to, o + last * stride + 2 * L);
  }
}
