// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of many rows, whose inputs have been copied; {@link VectorMatmul} says which rows go in which.
 *
 * <p>What counts is how many instructions the processor must take in for each multiply-add: it takes in four a cycle and
 * does two multiply-adds, and where two threads share a core each gets half. Six rows use each loaded weight six times.
 * Their inputs are copied first, to rows whose distance the compiler knows: rows where they lie need an address each,
 * computed anew for each input, which is as much work as the loads themselves. Twenty-four accumulators are what 32
 * registers hold beside weights and inputs; 16 hold eight or nine beside all inputs, and that many
 * chains keep two multiply-adds of four cycles each busy.
 */
final class VectorCopiedTiles {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();
  /** Floats from row to row of the copies, the first of which is row 1; a block of inputs is no longer. */
  private static final int BLOCK = PackedWeights.BLOCK;

  private VectorCopiedTiles() {}

  /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to 6. */
  static void tile6x4(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
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
    FloatVector a40 = FloatVector.zero(S);
    FloatVector a41 = FloatVector.zero(S);
    FloatVector a42 = FloatVector.zero(S);
    FloatVector a43 = FloatVector.zero(S);
    FloatVector a50 = FloatVector.zero(S);
    FloatVector a51 = FloatVector.zero(S);
    FloatVector a52 = FloatVector.zero(S);
    FloatVector a53 = FloatVector.zero(S);
    final int end = at + count * 4 * L;
    for (int q = at, k = first; q < end; q += 4 * L, k++) {
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
    a00 = a00.add(FloatVector.fromArray(S, to, o));
    a01 = a01.add(FloatVector.fromArray(S, to, o + L));
    a02 = a02.add(FloatVector.fromArray(S, to, o + 2 * L));
    a03 = a03.add(FloatVector.fromArray(S, to, o + 3 * L));
    a10 = a10.add(FloatVector.fromArray(S, to, o + stride));
    a11 = a11.add(FloatVector.fromArray(S, to, o + stride + L));
    a12 = a12.add(FloatVector.fromArray(S, to, o + stride + 2 * L));
    a13 = a13.add(FloatVector.fromArray(S, to, o + stride + 3 * L));
    a20 = a20.add(FloatVector.fromArray(S, to, o + 2 * stride));
    a21 = a21.add(FloatVector.fromArray(S, to, o + 2 * stride + L));
    a22 = a22.add(FloatVector.fromArray(S, to, o + 2 * stride + 2 * L));
    a23 = a23.add(FloatVector.fromArray(S, to, o + 2 * stride + 3 * L));
    a30 = a30.add(FloatVector.fromArray(S, to, o + 3 * stride));
    a31 = a31.add(FloatVector.fromArray(S, to, o + 3 * stride + L));
    a32 = a32.add(FloatVector.fromArray(S, to, o + 3 * stride + 2 * L));
    a33 = a33.add(FloatVector.fromArray(S, to, o + 3 * stride + 3 * L));
    a40 = a40.add(FloatVector.fromArray(S, to, o + 4 * stride));
    a41 = a41.add(FloatVector.fromArray(S, to, o + 4 * stride + L));
    a42 = a42.add(FloatVector.fromArray(S, to, o + 4 * stride + 2 * L));
    a43 = a43.add(FloatVector.fromArray(S, to, o + 4 * stride + 3 * L));
    a50 = a50.add(FloatVector.fromArray(S, to, o + last * stride));
    a51 = a51.add(FloatVector.fromArray(S, to, o + last * stride + L));
    a52 = a52.add(FloatVector.fromArray(S, to, o + last * stride + 2 * L));
    a53 = a53.add(FloatVector.fromArray(S, to, o + last * stride + 3 * L));
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

  /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to 4. */
  static void tile4x4(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
    final int row1 = Math.min(1, last);
    final int row2 = Math.min(2, last);
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
    final int end = at + count * 4 * L;
    for (int q = at, k = first; q < end; q += 4 * L, k++) {
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
    }
    a00 = a00.add(FloatVector.fromArray(S, to, o));
    a01 = a01.add(FloatVector.fromArray(S, to, o + L));
    a02 = a02.add(FloatVector.fromArray(S, to, o + 2 * L));
    a03 = a03.add(FloatVector.fromArray(S, to, o + 3 * L));
    a10 = a10.add(FloatVector.fromArray(S, to, o + row1 * stride));
    a11 = a11.add(FloatVector.fromArray(S, to, o + row1 * stride + L));
    a12 = a12.add(FloatVector.fromArray(S, to, o + row1 * stride + 2 * L));
    a13 = a13.add(FloatVector.fromArray(S, to, o + row1 * stride + 3 * L));
    a20 = a20.add(FloatVector.fromArray(S, to, o + row2 * stride));
    a21 = a21.add(FloatVector.fromArray(S, to, o + row2 * stride + L));
    a22 = a22.add(FloatVector.fromArray(S, to, o + row2 * stride + 2 * L));
    a23 = a23.add(FloatVector.fromArray(S, to, o + row2 * stride + 3 * L));
    a30 = a30.add(FloatVector.fromArray(S, to, o + last * stride));
    a31 = a31.add(FloatVector.fromArray(S, to, o + last * stride + L));
    a32 = a32.add(FloatVector.fromArray(S, to, o + last * stride + 2 * L));
    a33 = a33.add(FloatVector.fromArray(S, to, o + last * stride + 3 * L));
    a00.intoArray(to, o);
    a01.intoArray(to, o + L);
    a02.intoArray(to, o + 2 * L);
    a03.intoArray(to, o + 3 * L);
    a10.intoArray(to, o + row1 * stride);
    a11.intoArray(to, o + row1 * stride + L);
    a12.intoArray(to, o + row1 * stride + 2 * L);
    a13.intoArray(to, o + row1 * stride + 3 * L);
    a20.intoArray(to, o + row2 * stride);
    a21.intoArray(to, o + row2 * stride + L);
    a22.intoArray(to, o + row2 * stride + 2 * L);
    a23.intoArray(to, o + row2 * stride + 3 * L);
    a30.intoArray(to, o + last * stride);
    a31.intoArray(to, o + last * stride + L);
    a32.intoArray(to, o + last * stride + 2 * L);
    a33.intoArray(to, o + last * stride + 3 * L);
  }

  /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to 6. */
  static void tile6x3(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
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
    FloatVector a40 = FloatVector.zero(S);
    FloatVector a41 = FloatVector.zero(S);
    FloatVector a42 = FloatVector.zero(S);
    FloatVector a50 = FloatVector.zero(S);
    FloatVector a51 = FloatVector.zero(S);
    FloatVector a52 = FloatVector.zero(S);
    final int end = at + count * 3 * L;
    for (int q = at, k = first; q < end; q += 3 * L, k++) {
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
    }
    a00 = a00.add(FloatVector.fromArray(S, to, o));
    a01 = a01.add(FloatVector.fromArray(S, to, o + L));
    a02 = a02.add(FloatVector.fromArray(S, to, o + 2 * L));
    a10 = a10.add(FloatVector.fromArray(S, to, o + stride));
    a11 = a11.add(FloatVector.fromArray(S, to, o + stride + L));
    a12 = a12.add(FloatVector.fromArray(S, to, o + stride + 2 * L));
    a20 = a20.add(FloatVector.fromArray(S, to, o + 2 * stride));
    a21 = a21.add(FloatVector.fromArray(S, to, o + 2 * stride + L));
    a22 = a22.add(FloatVector.fromArray(S, to, o + 2 * stride + 2 * L));
    a30 = a30.add(FloatVector.fromArray(S, to, o + 3 * stride));
    a31 = a31.add(FloatVector.fromArray(S, to, o + 3 * stride + L));
    a32 = a32.add(FloatVector.fromArray(S, to, o + 3 * stride + 2 * L));
    a40 = a40.add(FloatVector.fromArray(S, to, o + 4 * stride));
    a41 = a41.add(FloatVector.fromArray(S, to, o + 4 * stride + L));
    a42 = a42.add(FloatVector.fromArray(S, to, o + 4 * stride + 2 * L));
    a50 = a50.add(FloatVector.fromArray(S, to, o + last * stride));
    a51 = a51.add(FloatVector.fromArray(S, to, o + last * stride + L));
    a52 = a52.add(FloatVector.fromArray(S, to, o + last * stride + 2 * L));
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
    a50.intoArray(to, o + last * stride);
    a51.intoArray(to, o + last * stride + L);
    a52.intoArray(to, o + last * stride + 2 * L);
  }

  /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to 4. */
  static void tile4x3(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
    final int row1 = Math.min(1, last);
    final int row2 = Math.min(2, last);
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
    final int end = at + count * 3 * L;
    for (int q = at, k = first; q < end; q += 3 * L, k++) {
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
    }
    a00 = a00.add(FloatVector.fromArray(S, to, o));
    a01 = a01.add(FloatVector.fromArray(S, to, o + L));
    a02 = a02.add(FloatVector.fromArray(S, to, o + 2 * L));
    a10 = a10.add(FloatVector.fromArray(S, to, o + row1 * stride));
    a11 = a11.add(FloatVector.fromArray(S, to, o + row1 * stride + L));
    a12 = a12.add(FloatVector.fromArray(S, to, o + row1 * stride + 2 * L));
    a20 = a20.add(FloatVector.fromArray(S, to, o + row2 * stride));
    a21 = a21.add(FloatVector.fromArray(S, to, o + row2 * stride + L));
    a22 = a22.add(FloatVector.fromArray(S, to, o + row2 * stride + 2 * L));
    a30 = a30.add(FloatVector.fromArray(S, to, o + last * stride));
    a31 = a31.add(FloatVector.fromArray(S, to, o + last * stride + L));
    a32 = a32.add(FloatVector.fromArray(S, to, o + last * stride + 2 * L));
    a00.intoArray(to, o);
    a01.intoArray(to, o + L);
    a02.intoArray(to, o + 2 * L);
    a10.intoArray(to, o + row1 * stride);
    a11.intoArray(to, o + row1 * stride + L);
    a12.intoArray(to, o + row1 * stride + 2 * L);
    a20.intoArray(to, o + row2 * stride);
    a21.intoArray(to, o + row2 * stride + L);
    a22.intoArray(to, o + row2 * stride + 2 * L);
    a30.intoArray(to, o + last * stride);
    a31.intoArray(to, o + last * stride + L);
    a32.intoArray(to, o + last * stride + 2 * L);
  }

  /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to 4. */
  static void tile4x2(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
    final int row1 = Math.min(1, last);
    final int row2 = Math.min(2, last);
    FloatVector a00 = FloatVector.zero(S);
    FloatVector a01 = FloatVector.zero(S);
    FloatVector a10 = FloatVector.zero(S);
    FloatVector a11 = FloatVector.zero(S);
    FloatVector a20 = FloatVector.zero(S);
    FloatVector a21 = FloatVector.zero(S);
    FloatVector a30 = FloatVector.zero(S);
    FloatVector a31 = FloatVector.zero(S);
    final int end = first + count;
    for (int k = first, q = at; k < end; k++, q += 4 * L) {
      final FloatVector in0 = FloatVector.broadcast(S, copies[k + BLOCK]);
      final FloatVector in1 = FloatVector.broadcast(S, copies[k + 2 * BLOCK]);
      final FloatVector in2 = FloatVector.broadcast(S, copies[k + 3 * BLOCK]);
      final FloatVector in3 = FloatVector.broadcast(S, copies[k + 4 * BLOCK]);
      final FloatVector w0 = FloatVector.fromArray(S, weights, q);
      final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
      a00 = w0.fma(in0, a00);
      a01 = w1.fma(in0, a01);
      a10 = w0.fma(in1, a10);
      a11 = w1.fma(in1, a11);
      a20 = w0.fma(in2, a20);
      a21 = w1.fma(in2, a21);
      a30 = w0.fma(in3, a30);
      a31 = w1.fma(in3, a31);
    }
    a00 = a00.add(FloatVector.fromArray(S, to, o));
    a01 = a01.add(FloatVector.fromArray(S, to, o + L));
    a10 = a10.add(FloatVector.fromArray(S, to, o + row1 * stride));
    a11 = a11.add(FloatVector.fromArray(S, to, o + row1 * stride + L));
    a20 = a20.add(FloatVector.fromArray(S, to, o + row2 * stride));
    a21 = a21.add(FloatVector.fromArray(S, to, o + row2 * stride + L));
    a30 = a30.add(FloatVector.fromArray(S, to, o + last * stride));
    a31 = a31.add(FloatVector.fromArray(S, to, o + last * stride + L));
    a00.intoArray(to, o);
    a01.intoArray(to, o + L);
    a10.intoArray(to, o + row1 * stride);
    a11.intoArray(to, o + row1 * stride + L);
    a20.intoArray(to, o + row2 * stride);
    a21.intoArray(to, o + row2 * stride + L);
    a30.intoArray(to, o + last * stride);
    a31.intoArray(to, o + last * stride + L);
  }

  /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to 3. */
  static void tile3x3(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
    final int row1 = Math.min(1, last);
    FloatVector a00 = FloatVector.zero(S);
    FloatVector a01 = FloatVector.zero(S);
    FloatVector a02 = FloatVector.zero(S);
    FloatVector a10 = FloatVector.zero(S);
    FloatVector a11 = FloatVector.zero(S);
    FloatVector a12 = FloatVector.zero(S);
    FloatVector a20 = FloatVector.zero(S);
    FloatVector a21 = FloatVector.zero(S);
    FloatVector a22 = FloatVector.zero(S);
    final int end = first + count;
    for (int k = first, q = at; k < end; k++, q += 3 * L) {
      final FloatVector in0 = FloatVector.broadcast(S, copies[k + BLOCK]);
      final FloatVector in1 = FloatVector.broadcast(S, copies[k + 2 * BLOCK]);
      final FloatVector in2 = FloatVector.broadcast(S, copies[k + 3 * BLOCK]);
      final FloatVector w0 = FloatVector.fromArray(S, weights, q);
      final FloatVector w1 = FloatVector.fromArray(S, weights, q + L);
      final FloatVector w2 = FloatVector.fromArray(S, weights, q + 2 * L);
      a00 = w0.fma(in0, a00);
      a01 = w1.fma(in0, a01);
      a02 = w2.fma(in0, a02);
      a10 = w0.fma(in1, a10);
      a11 = w1.fma(in1, a11);
      a12 = w2.fma(in1, a12);
      a20 = w0.fma(in2, a20);
      a21 = w1.fma(in2, a21);
      a22 = w2.fma(in2, a22);
    }
    a00 = a00.add(FloatVector.fromArray(S, to, o));
    a01 = a01.add(FloatVector.fromArray(S, to, o + L));
    a02 = a02.add(FloatVector.fromArray(S, to, o + 2 * L));
    a10 = a10.add(FloatVector.fromArray(S, to, o + row1 * stride));
    a11 = a11.add(FloatVector.fromArray(S, to, o + row1 * stride + L));
    a12 = a12.add(FloatVector.fromArray(S, to, o + row1 * stride + 2 * L));
    a20 = a20.add(FloatVector.fromArray(S, to, o + last * stride));
    a21 = a21.add(FloatVector.fromArray(S, to, o + last * stride + L));
    a22 = a22.add(FloatVector.fromArray(S, to, o + last * stride + 2 * L));
    a00.intoArray(to, o);
    a01.intoArray(to, o + L);
    a02.intoArray(to, o + 2 * L);
    a10.intoArray(to, o + row1 * stride);
    a11.intoArray(to, o + row1 * stride + L);
    a12.intoArray(to, o + row1 * stride + 2 * L);
    a20.intoArray(to, o + last * stride);
    a21.intoArray(to, o + last * stride + L);
    a22.intoArray(to, o + last * stride + 2 * L);
  }
}
