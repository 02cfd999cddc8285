// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#gruForward}, a vector of units at a time. */
final class VectorGru {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();

  private VectorGru() {}

  /** See {@link Kernels#gruForward}. */
  static void forward(int units, int rows, Rows gates, Rows hOld, Rows h) {
    final float[] zs = gates.data;
    final float[] olds = hOld.data;
    final float[] hs = h.data;
    final FloatVector sigmoidMagic = FloatVector.broadcast(S, Elementary.SIGMOID_MAGIC);
    final FloatVector negLog2e = FloatVector.broadcast(S, -Elementary.LOG2E);
    final FloatVector ln2High = FloatVector.broadcast(S, Elementary.LN2_HIGH);
    final FloatVector ln2Low = FloatVector.broadcast(S, Elementary.LN2_LOW);
    final FloatVector n6 = FloatVector.broadcast(S, -Elementary.E6);
    final FloatVector p5 = FloatVector.broadcast(S, Elementary.E5);
    final FloatVector n4 = FloatVector.broadcast(S, -Elementary.E4);
    final FloatVector p3 = FloatVector.broadcast(S, Elementary.E3);
    final FloatVector n2 = FloatVector.broadcast(S, -Elementary.E2);
    final FloatVector tiny = FloatVector.broadcast(S, Elementary.TINY);
    final FloatVector tanhMagic = FloatVector.broadcast(S, Elementary.TANH_MAGIC);
    final FloatVector log2eTwice = FloatVector.broadcast(S, Elementary.LOG2E_TWICE);
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector half = FloatVector.broadcast(S, 0.5f);
    final IntVector nanFirst = IntVector.broadcast(I, Elementary.NAN_FIRST);
    final IntVector sigmoidClamp = IntVector.broadcast(I, Elementary.SIGMOID_CLAMP);
    final IntVector sigmoidLast = IntVector.broadcast(I, Elementary.SIGMOID_LAST);
    final IntVector tanhClamp = IntVector.broadcast(I, Elementary.TANH_CLAMP);
    final IntVector magnitude = IntVector.broadcast(I, 0x7fffffff);
    final IntVector wholes = IntVector.broadcast(I, -(1 << Elementary.FRACTION_BITS));
    final IntVector sign = IntVector.broadcast(I, 0x80000000);
    for (int row = 0; row < rows; row++) {
      int q = gates.at + row * gates.stride;
      final int oldAt = hOld.at + row * hOld.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zz = FloatVector.fromArray(S, zs, q + L);
        final IntVector zB = zz.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
        final FloatVector zX = zB.sub(nanFirst).reinterpretAsFloats();
        final IntVector zM = zX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
        final FloatVector zN = zM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector zR = zN.fma(ln2Low, zN.fma(ln2High, zX));
        final FloatVector zW = zR.mul(zR);
        final FloatVector zV = zW.fma(n6, zR.fma(p5, n4));
        final FloatVector zP = zV.fma(zW, zR.fma(p3, n2)).fma(zW, zR);
        final FloatVector zS = zM.lanewise(LSHL, 23).reinterpretAsFloats();
        final FloatVector zT = tiny.sub(zS);
        final FloatVector z = tiny.div(zP.fma(zS, tiny.sub(zT.add(zS))).add(zT));

        final FloatVector zr = FloatVector.fromArray(S, zs, q + 2 * L);
        final IntVector rB = zr.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
        final FloatVector rX = rB.sub(nanFirst).reinterpretAsFloats();
        final IntVector rM = rX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
        final FloatVector rN = rM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector rR = rN.fma(ln2Low, rN.fma(ln2High, rX));
        final FloatVector rW = rR.mul(rR);
        final FloatVector rV = rW.fma(n6, rR.fma(p5, n4));
        final FloatVector rP = rV.fma(rW, rR.fma(p3, n2)).fma(rW, rR);
        final FloatVector rS = rM.lanewise(LSHL, 23).reinterpretAsFloats();
        final FloatVector rT = tiny.sub(rS);
        final FloatVector r = tiny.div(rP.fma(rS, tiny.sub(rT.add(rS))).add(rT));

        final FloatVector zn = r.fma(FloatVector.fromArray(S, zs, q + 3 * L), FloatVector.fromArray(S, zs, q));
        final IntVector nBits = zn.reinterpretAsInts();
        final IntVector nB = nBits.and(magnitude).add(nanFirst).min(tanhClamp);
        final FloatVector nA = nB.sub(nanFirst).reinterpretAsFloats();
        final IntVector nM = nA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
        final FloatVector nR = nM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, nA);
        final FloatVector nW = nR.mul(nR);
        final FloatVector nQ = nW.fma(t3, t2).fma(nW, t1).fma(nW.mul(nR), nR);
        final FloatVector nS = nM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
        final FloatVector nU = nQ.fma(nS.add(half), nS.sub(half));
        final FloatVector n = nU.div(nU.add(one.sub(nQ))).reinterpretAsInts().or(nBits.and(sign)).reinterpretAsFloats();

        z.fma(FloatVector.fromArray(S, olds, oldAt + j), one.sub(z).mul(n)).intoArray(hs, hAt + j);
      }
    }
  }
}
