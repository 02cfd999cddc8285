// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#gruStep} and {@link Kernels#gruForward}, a vector of units at a time. */
final class VectorGru {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();

  private VectorGru() {}

  /** See {@link Kernels#gruStep}: a row of a single panel, whose gates take the sums from registers. */
  static void step(PackedWeights w, Rows x, Rows h, Rows z, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x.data;
    final float[] hs = h.data;
    final int inputs = w.inputs;
    final int hidden = w.hidden;
    final int both = Math.min(inputs, hidden);
    final int xAt = x.at;
    final int hAt = h.at;
    final int s = w.base;
    int q = s + 4 * L;
    int u = q + inputs * 3 * L;
    FloatVector x0 = FloatVector.zero(S);
    FloatVector x1 = FloatVector.zero(S);
    FloatVector x2 = FloatVector.zero(S);
    FloatVector h0 = FloatVector.zero(S);
    FloatVector h1 = FloatVector.zero(S);
    FloatVector h2 = FloatVector.zero(S);
    for (int k = 0; k < both; k++, q += 3 * L, u += 3 * L) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      x0 = FloatVector.fromArray(S, weights, q).fma(in, x0);
      x1 = FloatVector.fromArray(S, weights, q + L).fma(in, x1);
      x2 = FloatVector.fromArray(S, weights, q + 2 * L).fma(in, x2);
      h0 = FloatVector.fromArray(S, weights, u).fma(re, h0);
      h1 = FloatVector.fromArray(S, weights, u + L).fma(re, h1);
      h2 = FloatVector.fromArray(S, weights, u + 2 * L).fma(re, h2);
    }
    for (int k = both; k < inputs; k++, q += 3 * L) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      x0 = FloatVector.fromArray(S, weights, q).fma(in, x0);
      x1 = FloatVector.fromArray(S, weights, q + L).fma(in, x1);
      x2 = FloatVector.fromArray(S, weights, q + 2 * L).fma(in, x2);
    }
    for (int k = both; k < hidden; k++, u += 3 * L) {
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      h0 = FloatVector.fromArray(S, weights, u).fma(re, h0);
      h1 = FloatVector.fromArray(S, weights, u + L).fma(re, h1);
      h2 = FloatVector.fromArray(S, weights, u + 2 * L).fma(re, h2);
    }
    final IntVector nanFirst = IntVector.broadcast(I, Elementary.NAN_FIRST);
    final IntVector sigmoidClamp = IntVector.broadcast(I, Elementary.SIGMOID_CLAMP);
    final IntVector sigmoidLast = IntVector.broadcast(I, Elementary.SIGMOID_LAST);
    final IntVector tanhClamp = IntVector.broadcast(I, Elementary.TANH_CLAMP);
    final IntVector magnitude = IntVector.broadcast(I, 0x7fffffff);
    final IntVector wholes = IntVector.broadcast(I, -(1 << Elementary.FRACTION_BITS));
    final IntVector sign = IntVector.broadcast(I, 0x80000000);
    final float[] zs = z.data;
    final int zAt = z.at;
    final FloatVector zz = FloatVector.fromArray(S, weights, s + L).add(x1).add(h0);
    zz.intoArray(zs, zAt + L);
    final FloatVector updateSigmoidMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[0]);
    final FloatVector updateNegLog2e = FloatVector.broadcast(S, VectorElementary.CONSTANTS[1]);
    final FloatVector updateLn2High = FloatVector.broadcast(S, VectorElementary.CONSTANTS[2]);
    final FloatVector updateLn2Low = FloatVector.broadcast(S, VectorElementary.CONSTANTS[3]);
    final FloatVector updateN6 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[4]);
    final FloatVector updateP5 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[5]);
    final FloatVector updateN4 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[6]);
    final FloatVector updateP3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[7]);
    final FloatVector updateN2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[8]);
    final FloatVector updateTiny = FloatVector.broadcast(S, VectorElementary.CONSTANTS[9]);
    final IntVector updateB = zz.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector updateX = updateB.sub(nanFirst).reinterpretAsFloats();
    final IntVector updateM = updateX.fma(updateNegLog2e, updateSigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector updateN = updateM.reinterpretAsFloats().sub(updateSigmoidMagic);
    final FloatVector updateR = updateN.fma(updateLn2Low, updateN.fma(updateLn2High, updateX));
    final FloatVector updateW = updateR.mul(updateR);
    final FloatVector updateV = updateW.fma(updateN6, updateR.fma(updateP5, updateN4));
    final FloatVector updateP = updateV.fma(updateW, updateR.fma(updateP3, updateN2)).fma(updateW, updateR);
    final FloatVector updateS = updateM.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector updateT = updateTiny.sub(updateS);
    final FloatVector update = updateTiny.div(updateP.fma(updateS, updateTiny.sub(updateT.add(updateS))).add(updateT));

    final FloatVector zr = FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h1);
    zr.intoArray(zs, zAt + 2 * L);
    final FloatVector rSigmoidMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[0]);
    final FloatVector rNegLog2e = FloatVector.broadcast(S, VectorElementary.CONSTANTS[1]);
    final FloatVector rLn2High = FloatVector.broadcast(S, VectorElementary.CONSTANTS[2]);
    final FloatVector rLn2Low = FloatVector.broadcast(S, VectorElementary.CONSTANTS[3]);
    final FloatVector rN6 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[4]);
    final FloatVector rP5 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[5]);
    final FloatVector rN4 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[6]);
    final FloatVector rP3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[7]);
    final FloatVector rN2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[8]);
    final FloatVector rTiny = FloatVector.broadcast(S, VectorElementary.CONSTANTS[9]);
    final IntVector rB = zr.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector rX = rB.sub(nanFirst).reinterpretAsFloats();
    final IntVector rM = rX.fma(rNegLog2e, rSigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector rN = rM.reinterpretAsFloats().sub(rSigmoidMagic);
    final FloatVector rR = rN.fma(rLn2Low, rN.fma(rLn2High, rX));
    final FloatVector rW = rR.mul(rR);
    final FloatVector rV = rW.fma(rN6, rR.fma(rP5, rN4));
    final FloatVector rP = rV.fma(rW, rR.fma(rP3, rN2)).fma(rW, rR);
    final FloatVector rS = rM.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector rT = rTiny.sub(rS);
    final FloatVector r = rTiny.div(rP.fma(rS, rTiny.sub(rT.add(rS))).add(rT));

    final FloatVector nx = FloatVector.fromArray(S, weights, s).add(x0);
    nx.intoArray(zs, zAt);
    final FloatVector nh = FloatVector.fromArray(S, weights, s + 3 * L).add(h2);
    nh.intoArray(zs, zAt + 3 * L);
    final FloatVector zn = r.fma(nh, nx);
    final FloatVector nTanhMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[10]);
    final FloatVector nLog2eTwice = FloatVector.broadcast(S, VectorElementary.CONSTANTS[11]);
    final FloatVector nMinusHalfLn2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[12]);
    final FloatVector nT1 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[13]);
    final FloatVector nT2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[14]);
    final FloatVector nT3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[15]);
    final FloatVector nOne = FloatVector.broadcast(S, VectorElementary.CONSTANTS[16]);
    final FloatVector nHalf = FloatVector.broadcast(S, VectorElementary.CONSTANTS[17]);
    final IntVector nBits = zn.reinterpretAsInts();
    final IntVector nB = nBits.and(magnitude).add(nanFirst).min(tanhClamp);
    final FloatVector nA = nB.sub(nanFirst).reinterpretAsFloats();
    final IntVector nM = nA.fma(nLog2eTwice, nTanhMagic).reinterpretAsInts().and(wholes);
    final FloatVector nR = nM.reinterpretAsFloats().sub(nTanhMagic).fma(nMinusHalfLn2, nA);
    final FloatVector nW = nR.mul(nR);
    final FloatVector nQ = nW.fma(nT3, nT2).fma(nW, nT1).fma(nW.mul(nR), nR);
    final FloatVector nS = nM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector nU = nQ.fma(nS.add(nHalf), nS.sub(nHalf));
    final FloatVector n = nU.div(nU.add(nOne.sub(nQ))).reinterpretAsInts().or(nBits.and(sign)).reinterpretAsFloats();

    update.fma(FloatVector.fromArray(S, hs, hAt), FloatVector.broadcast(S, 1f).sub(update).mul(n)).intoArray(out.data, out.at);
  }

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
