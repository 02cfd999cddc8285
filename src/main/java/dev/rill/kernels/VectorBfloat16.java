package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD kernels for bfloat16 weights: the tiles of {@link VectorProduct}, fed by words of two weights.
 *
 * <p>One row takes both halves of a word in one trip, the lower by a shift and the upper by a mask, with one panel at a time:
 * twice as many chains in a method are more than the compiler takes in. Tiles of four rows are bound by their multiply-adds, so
 * they load a word once for each half and need no end of their own for an odd count.
 */
final class VectorBfloat16 extends VectorKernels {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int L = S.length();
  private static final int UPPER = 0xffff0000;

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
    for (int panel = 0; panel < p.wide; panel++, at += p.panelStride, to += 4 * L) {
      int row = 0;
      // As in VectorProduct: three rows fill a tile well enough, the third stands for the fourth.
      for (; row + 3 <= rows; row += 4) {
        final int x = in.at + row * in.stride;
        final int o = to + row * z.stride;
        final int last = Math.min(row + 3, rows - 1) - row;
        if (p.vectors == 4) {
          fourRows(p.data, at, p.count, in.data, x, x + in.stride, x + 2 * in.stride, x + last * in.stride, z.data,
              o, o + z.stride, o + 2 * z.stride, o + last * z.stride);
        } else {
          fourRowsOfThree(p.data, at, p.count, in.data, x, x + in.stride, x + 2 * in.stride, x + last * in.stride,
              z.data, o, o + z.stride, o + 2 * z.stride, o + last * z.stride);
        }
      }
      for (; row < rows; row++) {
        if (p.vectors == 4) {
          oneRow(p.data, at, p.count, in.data, in.at + row * in.stride, z.data, to + row * z.stride);
        } else {
          oneRowOfThree(p.data, at, p.count, in.data, in.at + row * in.stride, z.data, to + row * z.stride);
        }
      }
    }
    for (int row = 0; row < rows && p.narrow > 0; row += 4) {
      final int x = in.at + row * in.stride;
      final int o = to + row * z.stride;
      final int second = Math.min(1, rows - 1 - row);
      final int third = Math.min(2, rows - 1 - row);
      final int last = Math.min(3, rows - 1 - row);
      narrow(p.data, at, p.count, in.data, x, x + second * in.stride, x + third * in.stride, x + last * in.stride, z.data,
          o, o + second * z.stride, o + third * z.stride, o + last * z.stride);
    }
  }

  private static void oneRow(int[] w, int at, int count, float[] in, int x, float[] z, int o) {
    FloatVector a = FloatVector.fromArray(S, z, o);
    FloatVector b = FloatVector.fromArray(S, z, o + L);
    FloatVector c = FloatVector.fromArray(S, z, o + 2 * L);
    FloatVector d = FloatVector.fromArray(S, z, o + 3 * L);
    int u = at;
    int k = 0;
    for (; k + 2 <= count; k += 2, u += 4 * L) {
      final IntVector w0 = IntVector.fromArray(I, w, u);
      final IntVector w1 = IntVector.fromArray(I, w, u + L);
      final IntVector w2 = IntVector.fromArray(I, w, u + 2 * L);
      final IntVector w3 = IntVector.fromArray(I, w, u + 3 * L);
      final FloatVector v0 = FloatVector.broadcast(S, in[x + k]);
      a = w0.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, a);
      b = w1.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, b);
      c = w2.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, c);
      d = w3.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, d);
      final FloatVector v1 = FloatVector.broadcast(S, in[x + k + 1]);
      a = w0.and(UPPER).reinterpretAsFloats().fma(v1, a);
      b = w1.and(UPPER).reinterpretAsFloats().fma(v1, b);
      c = w2.and(UPPER).reinterpretAsFloats().fma(v1, c);
      d = w3.and(UPPER).reinterpretAsFloats().fma(v1, d);
    }
    for (int shift = 16; k < count; k++, shift -= 16) {
      final FloatVector v = FloatVector.broadcast(S, in[x + k]);
      a = IntVector.fromArray(I, w, u).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, a);
      b = IntVector.fromArray(I, w, u + L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, b);
      c = IntVector.fromArray(I, w, u + 2 * L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, c);
      d = IntVector.fromArray(I, w, u + 3 * L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, d);
    }
    a.intoArray(z, o);
    b.intoArray(z, o + L);
    c.intoArray(z, o + 2 * L);
    d.intoArray(z, o + 3 * L);
  }

  /** The three vectors of a GRU's panel. */
  private static void oneRowOfThree(int[] w, int at, int count, float[] in, int x, float[] z, int o) {
    FloatVector a = FloatVector.fromArray(S, z, o);
    FloatVector b = FloatVector.fromArray(S, z, o + L);
    FloatVector c = FloatVector.fromArray(S, z, o + 2 * L);
    int u = at;
    int k = 0;
    for (; k + 2 <= count; k += 2, u += 3 * L) {
      final IntVector w0 = IntVector.fromArray(I, w, u);
      final IntVector w1 = IntVector.fromArray(I, w, u + L);
      final IntVector w2 = IntVector.fromArray(I, w, u + 2 * L);
      final FloatVector v0 = FloatVector.broadcast(S, in[x + k]);
      a = w0.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, a);
      b = w1.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, b);
      c = w2.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, c);
      final FloatVector v1 = FloatVector.broadcast(S, in[x + k + 1]);
      a = w0.and(UPPER).reinterpretAsFloats().fma(v1, a);
      b = w1.and(UPPER).reinterpretAsFloats().fma(v1, b);
      c = w2.and(UPPER).reinterpretAsFloats().fma(v1, c);
    }
    for (int shift = 16; k < count; k++, shift -= 16) {
      final FloatVector v = FloatVector.broadcast(S, in[x + k]);
      a = IntVector.fromArray(I, w, u).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, a);
      b = IntVector.fromArray(I, w, u + L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, b);
      c = IntVector.fromArray(I, w, u + 2 * L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats().fma(v, c);
    }
    a.intoArray(z, o);
    b.intoArray(z, o + L);
    c.intoArray(z, o + 2 * L);
  }

  private static void fourRows(int[] w, int at, int count, float[] in, int x0, int x1, int x2, int x3, float[] z,
      int o0, int o1, int o2, int o3) {
    FloatVector a0 = FloatVector.fromArray(S, z, o0);
    FloatVector b0 = FloatVector.fromArray(S, z, o0 + L);
    FloatVector c0 = FloatVector.fromArray(S, z, o0 + 2 * L);
    FloatVector d0 = FloatVector.fromArray(S, z, o0 + 3 * L);
    FloatVector a1 = FloatVector.fromArray(S, z, o1);
    FloatVector b1 = FloatVector.fromArray(S, z, o1 + L);
    FloatVector c1 = FloatVector.fromArray(S, z, o1 + 2 * L);
    FloatVector d1 = FloatVector.fromArray(S, z, o1 + 3 * L);
    FloatVector a2 = FloatVector.fromArray(S, z, o2);
    FloatVector b2 = FloatVector.fromArray(S, z, o2 + L);
    FloatVector c2 = FloatVector.fromArray(S, z, o2 + 2 * L);
    FloatVector d2 = FloatVector.fromArray(S, z, o2 + 3 * L);
    FloatVector a3 = FloatVector.fromArray(S, z, o3);
    FloatVector b3 = FloatVector.fromArray(S, z, o3 + L);
    FloatVector c3 = FloatVector.fromArray(S, z, o3 + 2 * L);
    FloatVector d3 = FloatVector.fromArray(S, z, o3 + 3 * L);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 16 - 16 * (k & 1);
      final FloatVector w0 = IntVector.fromArray(I, w, q).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
      final FloatVector w1 = IntVector.fromArray(I, w, q + L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
      final FloatVector w2 = IntVector.fromArray(I, w, q + 2 * L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
      final FloatVector w3 = IntVector.fromArray(I, w, q + 3 * L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
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
  private static void fourRowsOfThree(int[] w, int at, int count, float[] in, int x0, int x1, int x2, int x3, float[] z,
      int o0, int o1, int o2, int o3) {
    FloatVector a0 = FloatVector.fromArray(S, z, o0);
    FloatVector b0 = FloatVector.fromArray(S, z, o0 + L);
    FloatVector c0 = FloatVector.fromArray(S, z, o0 + 2 * L);
    FloatVector a1 = FloatVector.fromArray(S, z, o1);
    FloatVector b1 = FloatVector.fromArray(S, z, o1 + L);
    FloatVector c1 = FloatVector.fromArray(S, z, o1 + 2 * L);
    FloatVector a2 = FloatVector.fromArray(S, z, o2);
    FloatVector b2 = FloatVector.fromArray(S, z, o2 + L);
    FloatVector c2 = FloatVector.fromArray(S, z, o2 + 2 * L);
    FloatVector a3 = FloatVector.fromArray(S, z, o3);
    FloatVector b3 = FloatVector.fromArray(S, z, o3 + L);
    FloatVector c3 = FloatVector.fromArray(S, z, o3 + 2 * L);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 16 - 16 * (k & 1);
      final FloatVector w0 = IntVector.fromArray(I, w, q).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
      final FloatVector w1 = IntVector.fromArray(I, w, q + L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
      final FloatVector w2 = IntVector.fromArray(I, w, q + 2 * L).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
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
  private static void narrow(int[] w, int at, int count, float[] in, int x0, int x1, int x2, int x3, float[] z,
      int o0, int o1, int o2, int o3) {
    FloatVector a0 = FloatVector.fromArray(S, z, o0);
    FloatVector a1 = FloatVector.fromArray(S, z, o1);
    FloatVector a2 = FloatVector.fromArray(S, z, o2);
    FloatVector a3 = FloatVector.fromArray(S, z, o3);
    for (int k = 0, q = at; k < count; k++) {
      final int shift = 16 - 16 * (k & 1);
      final FloatVector w0 = IntVector.fromArray(I, w, q).lanewise(LSHL, shift).and(UPPER).reinterpretAsFloats();
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
    a0.intoArray(z, o0);
    a1.intoArray(z, o1);
    a2.intoArray(z, o2);
    a3.intoArray(z, o3);
  }
}
