package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#lstmBackward} by whole vectors: what is read waits for memory once, and nothing is put down in between. */
final class VectorLstmGradient {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorLstmGradient() {}

  /** The gates lie side by side, and nothing behind one may change: the units of no whole vector go one by one. */
  static void apply(int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh, float[] dc, int dAt) {
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector zero = FloatVector.zero(S);
    final int whole = units & -L;
    for (int j = 0; j < whole; j += L) {
      final FloatVector i = FloatVector.fromArray(S, z, at + j);
      final FloatVector f = FloatVector.fromArray(S, z, at + units + j);
      final FloatVector g = FloatVector.fromArray(S, z, at + 2 * units + j);
      final FloatVector o = FloatVector.fromArray(S, z, at + 3 * units + j);
      final FloatVector y = FloatVector.fromArray(S, out, outAt + j);
      final FloatVector d = FloatVector.fromArray(S, dh, dAt + j);
      final FloatVector e = FloatVector.fromArray(S, dc, dAt + j).add(d.mul(o).mul(y.neg().fma(y, one)));
      e.mul(g).mul(i.mul(one.sub(i))).intoArray(z, at + j);
      e.mul(FloatVector.fromArray(S, old, oldAt + j)).mul(f.mul(one.sub(f))).intoArray(z, at + units + j);
      e.mul(i).mul(g.neg().fma(g, one)).intoArray(z, at + 2 * units + j);
      d.mul(y).mul(o.mul(one.sub(o))).intoArray(z, at + 3 * units + j);
      e.mul(f).intoArray(dc, dAt + j);
      zero.intoArray(dh, dAt + j);
    }
    if (whole < units) {
      LstmGradient.apply(whole, units, z, at, old, oldAt, out, outAt, dh, dc, dAt);
    }
  }
}
