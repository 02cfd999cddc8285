// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#gruStep} of a row of one or two panels: sums of a chain each, and gates right behind. */
final class VectorGruStep {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();

  private VectorGruStep() {}

  /** See {@link Kernels#gruStep}: a row of a single panel, whose gates take the sums from registers. */
  static void step(PackedWeights w, Rows x, Rows h, Rows z, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x.data;
    final float[] hs = h.data;
    final int inputs = w.inputs;
    final int hidden = w.hidden;
    final int xAt = x.at;
    final int hAt = h.at;
    final int s = w.base;
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
    final IntVector nanFirst = IntVector.broadcast(I, Elementary.NAN_FIRST);
    final IntVector sigmoidClamp = IntVector.broadcast(I, Elementary.SIGMOID_CLAMP);
    final IntVector sigmoidLast = IntVector.broadcast(I, Elementary.SIGMOID_LAST);
    final IntVector tanhClamp = IntVector.broadcast(I, Elementary.TANH_CLAMP);
    final IntVector magnitude = IntVector.broadcast(I, 0x7fffffff);
    final IntVector wholes = IntVector.broadcast(I, -(1 << Elementary.FRACTION_BITS));
    final IntVector sign = IntVector.broadcast(I, 0x80000000);
    final float[] zs = z.data;
    final int zAt = z.at;
    final FloatVector zz = FloatVector.fromArray(S, weights, s + L).add(x1).add(h1);
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

    final FloatVector zr = FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h2);
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
    final FloatVector nh = FloatVector.fromArray(S, weights, s + 3 * L).add(h3);
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

  /** See {@link Kernels#gruStep}: a row of two panels, likewise. */
  static void stepOfTwo(PackedWeights w, Rows x, Rows h, Rows z, Rows out) {
    final float[] weights = w.data;
    final float[] xs = x.data;
    final float[] hs = h.data;
    final int inputs = w.inputs;
    final int hidden = w.hidden;
    final int xAt = x.at;
    final int hAt = h.at;
    final int s = w.base;
    final int rowStride = w.rowStride;
    int q = s + 4 * L;
    final int stride = w.panelStride;
    final int t = s + stride;
    int u = q + stride;
    FloatVector x0 = FloatVector.zero(S);
    FloatVector x1 = FloatVector.zero(S);
    FloatVector x2 = FloatVector.zero(S);
    FloatVector x4 = FloatVector.zero(S);
    FloatVector x5 = FloatVector.zero(S);
    FloatVector x6 = FloatVector.zero(S);
    for (int k = 0; k < inputs; k++, q += rowStride, u += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      x4 = in.fma(FloatVector.fromArray(S, weights, u), x4);
      x5 = in.fma(FloatVector.fromArray(S, weights, u + L), x5);
      x6 = in.fma(FloatVector.fromArray(S, weights, u + 2 * L), x6);
    }
    FloatVector h1 = FloatVector.zero(S);
    FloatVector h2 = FloatVector.zero(S);
    FloatVector h3 = FloatVector.zero(S);
    FloatVector h5 = FloatVector.zero(S);
    FloatVector h6 = FloatVector.zero(S);
    FloatVector h7 = FloatVector.zero(S);
    for (int k = 0; k < hidden; k++, q += rowStride, u += rowStride) {
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      h1 = re.fma(FloatVector.fromArray(S, weights, q), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, q + L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, q + 2 * L), h3);
      h5 = re.fma(FloatVector.fromArray(S, weights, u), h5);
      h6 = re.fma(FloatVector.fromArray(S, weights, u + L), h6);
      h7 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h7);
    }
    final float[] zs = z.data;
    final int zAt = z.at;
    final FloatVector s0 = FloatVector.fromArray(S, weights, s).add(x0);
    s0.intoArray(zs, zAt);
    final FloatVector s1 = FloatVector.fromArray(S, weights, s + L).add(x1).add(h1);
    s1.intoArray(zs, zAt + L);
    final FloatVector s2 = FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h2);
    s2.intoArray(zs, zAt + 2 * L);
    final FloatVector s3 = FloatVector.fromArray(S, weights, s + 3 * L).add(h3);
    s3.intoArray(zs, zAt + 3 * L);
    final FloatVector s4 = FloatVector.fromArray(S, weights, t).add(x4);
    s4.intoArray(zs, zAt + 4 * L);
    final FloatVector s5 = FloatVector.fromArray(S, weights, t + L).add(x5).add(h5);
    s5.intoArray(zs, zAt + 5 * L);
    final FloatVector s6 = FloatVector.fromArray(S, weights, t + 2 * L).add(x6).add(h6);
    s6.intoArray(zs, zAt + 6 * L);
    final FloatVector s7 = FloatVector.fromArray(S, weights, t + 3 * L).add(h7);
    s7.intoArray(zs, zAt + 7 * L);
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
    final IntVector z0B = s1.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final IntVector z1B = s5.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector z0X = z0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector z1X = z1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector z0M = z0X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final IntVector z1M = z1X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector z0N = z0M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector z1N = z1M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector z0R = z0N.fma(ln2Low, z0N.fma(ln2High, z0X));
    final FloatVector z1R = z1N.fma(ln2Low, z1N.fma(ln2High, z1X));
    final FloatVector z0W = z0R.mul(z0R);
    final FloatVector z1W = z1R.mul(z1R);
    final FloatVector z0V = z0W.fma(n6, z0R.fma(p5, n4));
    final FloatVector z1V = z1W.fma(n6, z1R.fma(p5, n4));
    final FloatVector z0P = z0V.fma(z0W, z0R.fma(p3, n2)).fma(z0W, z0R);
    final FloatVector z1P = z1V.fma(z1W, z1R.fma(p3, n2)).fma(z1W, z1R);
    final FloatVector z0S = z0M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector z1S = z1M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector z0T = tiny.sub(z0S);
    final FloatVector z1T = tiny.sub(z1S);
    final FloatVector z0 = tiny.div(z0P.fma(z0S, tiny.sub(z0T.add(z0S))).add(z0T));
    final FloatVector z1 = tiny.div(z1P.fma(z1S, tiny.sub(z1T.add(z1S))).add(z1T));

    final IntVector r0B = s2.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final IntVector r1B = s6.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector r0X = r0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector r1X = r1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector r0M = r0X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final IntVector r1M = r1X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector r0N = r0M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector r1N = r1M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector r0R = r0N.fma(ln2Low, r0N.fma(ln2High, r0X));
    final FloatVector r1R = r1N.fma(ln2Low, r1N.fma(ln2High, r1X));
    final FloatVector r0W = r0R.mul(r0R);
    final FloatVector r1W = r1R.mul(r1R);
    final FloatVector r0V = r0W.fma(n6, r0R.fma(p5, n4));
    final FloatVector r1V = r1W.fma(n6, r1R.fma(p5, n4));
    final FloatVector r0P = r0V.fma(r0W, r0R.fma(p3, n2)).fma(r0W, r0R);
    final FloatVector r1P = r1V.fma(r1W, r1R.fma(p3, n2)).fma(r1W, r1R);
    final FloatVector r0S = r0M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector r1S = r1M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector r0T = tiny.sub(r0S);
    final FloatVector r1T = tiny.sub(r1S);
    final FloatVector r0 = tiny.div(r0P.fma(r0S, tiny.sub(r0T.add(r0S))).add(r0T));
    final FloatVector r1 = tiny.div(r1P.fma(r1S, tiny.sub(r1T.add(r1S))).add(r1T));

    final FloatVector zn0 = r0.fma(s3, s0);
    final FloatVector zn1 = r1.fma(s7, s4);
    final IntVector n0Bits = zn0.reinterpretAsInts();
    final IntVector n1Bits = zn1.reinterpretAsInts();
    final IntVector n0B = n0Bits.and(magnitude).add(nanFirst).min(tanhClamp);
    final IntVector n1B = n1Bits.and(magnitude).add(nanFirst).min(tanhClamp);
    final FloatVector n0A = n0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector n1A = n1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector n0M = n0A.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
    final IntVector n1M = n1A.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
    final FloatVector n0R = n0M.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, n0A);
    final FloatVector n1R = n1M.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, n1A);
    final FloatVector n0W = n0R.mul(n0R);
    final FloatVector n1W = n1R.mul(n1R);
    final FloatVector n0Q = n0W.fma(t3, t2).fma(n0W, t1).fma(n0W.mul(n0R), n0R);
    final FloatVector n1Q = n1W.fma(t3, t2).fma(n1W, t1).fma(n1W.mul(n1R), n1R);
    final FloatVector n0S = n0M.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector n1S = n1M.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector n0U = n0Q.fma(n0S.add(half), n0S.sub(half));
    final FloatVector n1U = n1Q.fma(n1S.add(half), n1S.sub(half));
    final FloatVector n0 = n0U.div(n0U.add(one.sub(n0Q))).reinterpretAsInts().or(n0Bits.and(sign)).reinterpretAsFloats();
    final FloatVector n1 = n1U.div(n1U.add(one.sub(n1Q))).reinterpretAsInts().or(n1Bits.and(sign)).reinterpretAsFloats();

    final float[] outs = out.data;
    final int outAt = out.at;
    z0.fma(FloatVector.fromArray(S, hs, hAt), one.sub(z0).mul(n0)).intoArray(outs, outAt);
    z1.fma(FloatVector.fromArray(S, hs, hAt + L), one.sub(z1).mul(n1)).intoArray(outs, outAt + L);
  }
}
