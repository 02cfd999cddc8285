package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD kernels for int8 weights: the tiles of {@link VectorProduct}, fed by words of four weights, in the order that
 * {@link ScalarInt8} writes down.
 *
 * <p>A weight is shifted to the top of its word and back, which extends its sign, and converted. One row takes all four
 * weights of a word in one trip where the count is a multiple of four; a second loop for the rest would be more than the compiler
 * takes in, so other counts, and tiles of four rows, load a word once for each of its weights.
 */
final class VectorInt8 extends VectorKernels {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int L = S.length();

  @Override
  public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {
    ReducedWeights panels = (ReducedWeights) w;
    panels.begin(rows, start, z);
    if (x != null) {
      part(panels.kernel, rows, x, z);
    }
    if (h != null) {
      part(panels.recurrent, rows, h, z);
    }
  }

  private static void part(ReducedWeights.Part p, int rows, Rows in, Rows z) {
    int at = p.base;
    int to = z.at + p.first * L;
    int column = 0;
    for (int panel = 0; panel < p.wide; panel++, at += p.panelStride, to += 4 * L, column += p.vectors * L) {
      int row = 0;
      // As in VectorProduct: three rows fill a tile well enough, the third stands for the fourth.
      for (; row + 3 <= rows; row += 4) {
        final int x = in.at + row * in.stride;
        final int o = to + row * z.stride;
        final int last = Math.min(row + 3, rows - 1) - row;
        if (p.vectors == 4) {
          fourRows(p.data, at, p.scales, column, p.count, in.data, x, x + in.stride, x + 2 * in.stride,
              x + last * in.stride, z.data,
              o, o + z.stride, o + 2 * z.stride, o + last * z.stride);
        } else {
          fourRowsOfThree(p.data, at, p.scales, column, p.count, in.data, x, x + in.stride, x + 2 * in.stride,
              x + last * in.stride,
              z.data, o, o + z.stride, o + 2 * z.stride, o + last * z.stride);
        }
      }
      for (; row < rows; row++) {
        final int x = in.at + row * in.stride;
        final int o = to + row * z.stride;
        if ((p.count & 3) == 0) {
          if (p.vectors == 4) {
            oneRowOfWords(p.data, at, p.scales, column, p.count, in.data, x, z.data, o);
            oneRowOfWords(p.data, at + 2 * L, p.scales, column + 2 * L, p.count, in.data, x, z.data, o + 2 * L);
          } else {
            oneRowOfThreeOfWords(p.data, at, p.scales, column, p.count, in.data, x, z.data, o);
          }
        } else if (p.vectors == 4) {
          oneRow(p.data, at, p.scales, column, p.count, in.data, x, z.data, o);
        } else {
          oneRowOfThree(p.data, at, p.scales, column, p.count, in.data, x, z.data, o);
        }
      }
    }
    for (int row = 0; row < rows && p.narrow > 0; row += 4) {
      final int x = in.at + row * in.stride;
      final int o = to + row * z.stride;
      final int second = Math.min(1, rows - 1 - row);
      final int third = Math.min(2, rows - 1 - row);
      final int last = Math.min(3, rows - 1 - row);
      narrow(p.data, at, p.scales, column, p.count, in.data, x, x + second * in.stride, x + third * in.stride,
          x + last * in.stride, z.data,
          o, o + second * z.stride, o + third * z.stride, o + last * z.stride);
    }
  }

  /** One row, whole words, two of the four vectors of a wide panel: of all four JDK 17 boxes some. */
  private static void oneRowOfWords(int[] w, int at, float[] scales, int column, int count, float[] in, int x, float[] z,
      int o) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k += 4, q += 4 * L) {
      final IntVector w0 = IntVector.fromArray(I, w, q);
      final IntVector w1 = IntVector.fromArray(I, w, q + L);
      final FloatVector v0 = FloatVector.broadcast(S, in[x + k]);
      a = ((FloatVector) w0.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).fma(v0, a);
      b = ((FloatVector) w1.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).fma(v0, b);
      final FloatVector v1 = FloatVector.broadcast(S, in[x + k + 1]);
      a = ((FloatVector) w0.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).fma(v1, a);
      b = ((FloatVector) w1.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).fma(v1, b);
      final FloatVector v2 = FloatVector.broadcast(S, in[x + k + 2]);
      a = ((FloatVector) w0.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).fma(v2, a);
      b = ((FloatVector) w1.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).fma(v2, b);
      final FloatVector v3 = FloatVector.broadcast(S, in[x + k + 3]);
      a = ((FloatVector) w0.lanewise(ASHR, 24).convert(I2F, 0)).fma(v3, a);
      b = ((FloatVector) w1.lanewise(ASHR, 24).convert(I2F, 0)).fma(v3, b);
    }
    a.fma(FloatVector.fromArray(S, scales, column), FloatVector.fromArray(S, z, o)).intoArray(z, o);
    b.fma(FloatVector.fromArray(S, scales, column + L), FloatVector.fromArray(S, z, o + L)).intoArray(z, o + L);
  }

  /** The three vectors of a GRU's panel. */
  private static void oneRowOfThreeOfWords(int[] w, int at, float[] scales, int column, int count, float[] in, int x, float[] z,
      int o) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    FloatVector c = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k += 4, q += 3 * L) {
      final IntVector w0 = IntVector.fromArray(I, w, q);
      final IntVector w1 = IntVector.fromArray(I, w, q + L);
      final IntVector w2 = IntVector.fromArray(I, w, q + 2 * L);
      final FloatVector v0 = FloatVector.broadcast(S, in[x + k]);
      a = ((FloatVector) w0.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).fma(v0, a);
      b = ((FloatVector) w1.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).fma(v0, b);
      c = ((FloatVector) w2.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).fma(v0, c);
      final FloatVector v1 = FloatVector.broadcast(S, in[x + k + 1]);
      a = ((FloatVector) w0.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).fma(v1, a);
      b = ((FloatVector) w1.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).fma(v1, b);
      c = ((FloatVector) w2.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).fma(v1, c);
      final FloatVector v2 = FloatVector.broadcast(S, in[x + k + 2]);
      a = ((FloatVector) w0.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).fma(v2, a);
      b = ((FloatVector) w1.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).fma(v2, b);
      c = ((FloatVector) w2.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).fma(v2, c);
      final FloatVector v3 = FloatVector.broadcast(S, in[x + k + 3]);
      a = ((FloatVector) w0.lanewise(ASHR, 24).convert(I2F, 0)).fma(v3, a);
      b = ((FloatVector) w1.lanewise(ASHR, 24).convert(I2F, 0)).fma(v3, b);
      c = ((FloatVector) w2.lanewise(ASHR, 24).convert(I2F, 0)).fma(v3, c);
    }
    a = a.fma(FloatVector.fromArray(S, scales, column), FloatVector.fromArray(S, z, o));
    b = b.fma(FloatVector.fromArray(S, scales, column + L), FloatVector.fromArray(S, z, o + L));
    c = c.fma(FloatVector.fromArray(S, scales, column + 2 * L), FloatVector.fromArray(S, z, o + 2 * L));
    a.intoArray(z, o);
    b.intoArray(z, o + L);
    c.intoArray(z, o + 2 * L);
  }

  /** One row, wide panel, any count. */
  private static void oneRow(int[] w, int at, float[] scales, int column, int count, float[] in, int x, float[] z,
      int o) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    FloatVector c = FloatVector.zero(S);
    FloatVector d = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 24 - 8 * (k & 3);
      final FloatVector v = FloatVector.broadcast(S, in[x + k]);
      final IntVector w0 = IntVector.fromArray(I, w, q).lanewise(LSHL, shift).lanewise(ASHR, 24);
      final IntVector w1 = IntVector.fromArray(I, w, q + L).lanewise(LSHL, shift).lanewise(ASHR, 24);
      final IntVector w2 = IntVector.fromArray(I, w, q + 2 * L).lanewise(LSHL, shift).lanewise(ASHR, 24);
      final IntVector w3 = IntVector.fromArray(I, w, q + 3 * L).lanewise(LSHL, shift).lanewise(ASHR, 24);
      a = ((FloatVector) w0.convert(I2F, 0)).fma(v, a);
      b = ((FloatVector) w1.convert(I2F, 0)).fma(v, b);
      c = ((FloatVector) w2.convert(I2F, 0)).fma(v, c);
      d = ((FloatVector) w3.convert(I2F, 0)).fma(v, d);
      q += shift == 0 ? 4 * L : 0;
    }
    a = a.fma(FloatVector.fromArray(S, scales, column), FloatVector.fromArray(S, z, o));
    b = b.fma(FloatVector.fromArray(S, scales, column + L), FloatVector.fromArray(S, z, o + L));
    c = c.fma(FloatVector.fromArray(S, scales, column + 2 * L), FloatVector.fromArray(S, z, o + 2 * L));
    d = d.fma(FloatVector.fromArray(S, scales, column + 3 * L), FloatVector.fromArray(S, z, o + 3 * L));
    a.intoArray(z, o);
    b.intoArray(z, o + L);
    c.intoArray(z, o + 2 * L);
    d.intoArray(z, o + 3 * L);
  }

  /** The three vectors of a GRU's panel. */
  private static void oneRowOfThree(int[] w, int at, float[] scales, int column, int count, float[] in, int x, float[] z,
      int o) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    FloatVector c = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 24 - 8 * (k & 3);
      final FloatVector v = FloatVector.broadcast(S, in[x + k]);
      final IntVector w0 = IntVector.fromArray(I, w, q).lanewise(LSHL, shift).lanewise(ASHR, 24);
      final IntVector w1 = IntVector.fromArray(I, w, q + L).lanewise(LSHL, shift).lanewise(ASHR, 24);
      final IntVector w2 = IntVector.fromArray(I, w, q + 2 * L).lanewise(LSHL, shift).lanewise(ASHR, 24);
      a = ((FloatVector) w0.convert(I2F, 0)).fma(v, a);
      b = ((FloatVector) w1.convert(I2F, 0)).fma(v, b);
      c = ((FloatVector) w2.convert(I2F, 0)).fma(v, c);
      q += shift == 0 ? 3 * L : 0;
    }
    a = a.fma(FloatVector.fromArray(S, scales, column), FloatVector.fromArray(S, z, o));
    b = b.fma(FloatVector.fromArray(S, scales, column + L), FloatVector.fromArray(S, z, o + L));
    c = c.fma(FloatVector.fromArray(S, scales, column + 2 * L), FloatVector.fromArray(S, z, o + 2 * L));
    a.intoArray(z, o);
    b.intoArray(z, o + L);
    c.intoArray(z, o + 2 * L);
  }

  private static void fourRows(int[] w, int at, float[] scales, int column, int count, float[] in, int x0, int x1, int x2,
      int x3, float[] z,
      int o0, int o1, int o2, int o3) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector d0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector d1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector b2 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector d2 = FloatVector.zero(S);
    FloatVector a3 = FloatVector.zero(S);
    FloatVector b3 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector d3 = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 24 - 8 * (k & 3);
      final FloatVector w0 = (FloatVector) IntVector.fromArray(I, w, q)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector w1 = (FloatVector) IntVector.fromArray(I, w, q + L)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector w2 = (FloatVector) IntVector.fromArray(I, w, q + 2 * L)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector w3 = (FloatVector) IntVector.fromArray(I, w, q + 3 * L)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector v0 = FloatVector.broadcast(S, in[x0 + k]);
      a0 = w0.fma(v0, a0);
      b0 = w1.fma(v0, b0);
      c0 = w2.fma(v0, c0);
      d0 = w3.fma(v0, d0);
      final FloatVector v1 = FloatVector.broadcast(S, in[x1 + k]);
      a1 = w0.fma(v1, a1);
      b1 = w1.fma(v1, b1);
      c1 = w2.fma(v1, c1);
      d1 = w3.fma(v1, d1);
      final FloatVector v2 = FloatVector.broadcast(S, in[x2 + k]);
      a2 = w0.fma(v2, a2);
      b2 = w1.fma(v2, b2);
      c2 = w2.fma(v2, c2);
      d2 = w3.fma(v2, d2);
      final FloatVector v3 = FloatVector.broadcast(S, in[x3 + k]);
      a3 = w0.fma(v3, a3);
      b3 = w1.fma(v3, b3);
      c3 = w2.fma(v3, c3);
      d3 = w3.fma(v3, d3);
      q += shift == 0 ? 4 * L : 0;
    }
    final FloatVector s0 = FloatVector.fromArray(S, scales, column);
    final FloatVector s1 = FloatVector.fromArray(S, scales, column + L);
    final FloatVector s2 = FloatVector.fromArray(S, scales, column + 2 * L);
    final FloatVector s3 = FloatVector.fromArray(S, scales, column + 3 * L);
    a0 = a0.fma(s0, FloatVector.fromArray(S, z, o0));
    b0 = b0.fma(s1, FloatVector.fromArray(S, z, o0 + L));
    c0 = c0.fma(s2, FloatVector.fromArray(S, z, o0 + 2 * L));
    d0 = d0.fma(s3, FloatVector.fromArray(S, z, o0 + 3 * L));
    a1 = a1.fma(s0, FloatVector.fromArray(S, z, o1));
    b1 = b1.fma(s1, FloatVector.fromArray(S, z, o1 + L));
    c1 = c1.fma(s2, FloatVector.fromArray(S, z, o1 + 2 * L));
    d1 = d1.fma(s3, FloatVector.fromArray(S, z, o1 + 3 * L));
    a2 = a2.fma(s0, FloatVector.fromArray(S, z, o2));
    b2 = b2.fma(s1, FloatVector.fromArray(S, z, o2 + L));
    c2 = c2.fma(s2, FloatVector.fromArray(S, z, o2 + 2 * L));
    d2 = d2.fma(s3, FloatVector.fromArray(S, z, o2 + 3 * L));
    a3 = a3.fma(s0, FloatVector.fromArray(S, z, o3));
    b3 = b3.fma(s1, FloatVector.fromArray(S, z, o3 + L));
    c3 = c3.fma(s2, FloatVector.fromArray(S, z, o3 + 2 * L));
    d3 = d3.fma(s3, FloatVector.fromArray(S, z, o3 + 3 * L));
    a0.intoArray(z, o0);
    b0.intoArray(z, o0 + L);
    c0.intoArray(z, o0 + 2 * L);
    d0.intoArray(z, o0 + 3 * L);
    a1.intoArray(z, o1);
    b1.intoArray(z, o1 + L);
    c1.intoArray(z, o1 + 2 * L);
    d1.intoArray(z, o1 + 3 * L);
    a2.intoArray(z, o2);
    b2.intoArray(z, o2 + L);
    c2.intoArray(z, o2 + 2 * L);
    d2.intoArray(z, o2 + 3 * L);
    a3.intoArray(z, o3);
    b3.intoArray(z, o3 + L);
    c3.intoArray(z, o3 + 2 * L);
    d3.intoArray(z, o3 + 3 * L);
  }

  /** Four rows of the three vectors of a GRU's panel. */
  private static void fourRowsOfThree(int[] w, int at, float[] scales, int column, int count, float[] in, int x0, int x1,
      int x2, int x3, float[] z,
      int o0, int o1, int o2, int o3) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector c0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector b2 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector a3 = FloatVector.zero(S);
    FloatVector b3 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 24 - 8 * (k & 3);
      final FloatVector w0 = (FloatVector) IntVector.fromArray(I, w, q)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector w1 = (FloatVector) IntVector.fromArray(I, w, q + L)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector w2 = (FloatVector) IntVector.fromArray(I, w, q + 2 * L)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector v0 = FloatVector.broadcast(S, in[x0 + k]);
      a0 = w0.fma(v0, a0);
      b0 = w1.fma(v0, b0);
      c0 = w2.fma(v0, c0);
      final FloatVector v1 = FloatVector.broadcast(S, in[x1 + k]);
      a1 = w0.fma(v1, a1);
      b1 = w1.fma(v1, b1);
      c1 = w2.fma(v1, c1);
      final FloatVector v2 = FloatVector.broadcast(S, in[x2 + k]);
      a2 = w0.fma(v2, a2);
      b2 = w1.fma(v2, b2);
      c2 = w2.fma(v2, c2);
      final FloatVector v3 = FloatVector.broadcast(S, in[x3 + k]);
      a3 = w0.fma(v3, a3);
      b3 = w1.fma(v3, b3);
      c3 = w2.fma(v3, c3);
      q += shift == 0 ? 3 * L : 0;
    }
    final FloatVector s0 = FloatVector.fromArray(S, scales, column);
    final FloatVector s1 = FloatVector.fromArray(S, scales, column + L);
    final FloatVector s2 = FloatVector.fromArray(S, scales, column + 2 * L);
    a0 = a0.fma(s0, FloatVector.fromArray(S, z, o0));
    b0 = b0.fma(s1, FloatVector.fromArray(S, z, o0 + L));
    c0 = c0.fma(s2, FloatVector.fromArray(S, z, o0 + 2 * L));
    a1 = a1.fma(s0, FloatVector.fromArray(S, z, o1));
    b1 = b1.fma(s1, FloatVector.fromArray(S, z, o1 + L));
    c1 = c1.fma(s2, FloatVector.fromArray(S, z, o1 + 2 * L));
    a2 = a2.fma(s0, FloatVector.fromArray(S, z, o2));
    b2 = b2.fma(s1, FloatVector.fromArray(S, z, o2 + L));
    c2 = c2.fma(s2, FloatVector.fromArray(S, z, o2 + 2 * L));
    a3 = a3.fma(s0, FloatVector.fromArray(S, z, o3));
    b3 = b3.fma(s1, FloatVector.fromArray(S, z, o3 + L));
    c3 = c3.fma(s2, FloatVector.fromArray(S, z, o3 + 2 * L));
    a0.intoArray(z, o0);
    b0.intoArray(z, o0 + L);
    c0.intoArray(z, o0 + 2 * L);
    a1.intoArray(z, o1);
    b1.intoArray(z, o1 + L);
    c1.intoArray(z, o1 + 2 * L);
    a2.intoArray(z, o2);
    b2.intoArray(z, o2 + L);
    c2.intoArray(z, o2 + 2 * L);
    a3.intoArray(z, o3);
    b3.intoArray(z, o3 + L);
    c3.intoArray(z, o3 + 2 * L);
  }

  /** Four rows, of which some may be the same, of the one vector of a narrow panel. */
  private static void narrow(int[] w, int at, float[] scales, int column, int count, float[] in, int x0, int x1, int x2,
      int x3, float[] z,
      int o0, int o1, int o2, int o3) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector a3 = FloatVector.zero(S);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 24 - 8 * (k & 3);
      final FloatVector w0 = (FloatVector) IntVector.fromArray(I, w, q)
          .lanewise(LSHL, shift).lanewise(ASHR, 24).convert(I2F, 0);
      final FloatVector v0 = FloatVector.broadcast(S, in[x0 + k]);
      a0 = w0.fma(v0, a0);
      final FloatVector v1 = FloatVector.broadcast(S, in[x1 + k]);
      a1 = w0.fma(v1, a1);
      final FloatVector v2 = FloatVector.broadcast(S, in[x2 + k]);
      a2 = w0.fma(v2, a2);
      final FloatVector v3 = FloatVector.broadcast(S, in[x3 + k]);
      a3 = w0.fma(v3, a3);
      q += shift == 0 ? L : 0;
    }
    final FloatVector s0 = FloatVector.fromArray(S, scales, column);
    a0 = a0.fma(s0, FloatVector.fromArray(S, z, o0));
    a1 = a1.fma(s0, FloatVector.fromArray(S, z, o1));
    a2 = a2.fma(s0, FloatVector.fromArray(S, z, o2));
    a3 = a3.fma(s0, FloatVector.fromArray(S, z, o3));
    a0.intoArray(z, o0);
    a1.intoArray(z, o1);
    a2.intoArray(z, o2);
    a3.intoArray(z, o3);
  }
}
