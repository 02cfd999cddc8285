// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#lstmStep} of a row of one or two panels: sums of a chain each, and gates right behind. */
final class VectorLstmStep {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();

  private VectorLstmStep() {}

  /** See {@link Kernels#lstmStep}: a row of a single panel, whose gates take the sums from registers. */
  static void step(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out) {
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
    FloatVector x3 = FloatVector.zero(S);
    FloatVector h0 = FloatVector.zero(S);
    FloatVector h1 = FloatVector.zero(S);
    FloatVector h2 = FloatVector.zero(S);
    FloatVector h3 = FloatVector.zero(S);
    for (int k = 0; k < both; k++, q += rowStride, u += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      x3 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), x3);
      h0 = re.fma(FloatVector.fromArray(S, weights, u), h0);
      h1 = re.fma(FloatVector.fromArray(S, weights, u + L), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, u + 3 * L), h3);
    }
    for (int k = both; k < inputs; k++, q += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      x3 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), x3);
    }
    for (int k = both; k < hidden; k++, u += rowStride) {
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      h0 = re.fma(FloatVector.fromArray(S, weights, u), h0);
      h1 = re.fma(FloatVector.fromArray(S, weights, u + L), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, u + 3 * L), h3);
    }
    final IntVector nanFirst = IntVector.broadcast(I, Elementary.NAN_FIRST);
    final IntVector sigmoidClamp = IntVector.broadcast(I, Elementary.SIGMOID_CLAMP);
    final IntVector sigmoidLast = IntVector.broadcast(I, Elementary.SIGMOID_LAST);
    final IntVector tanhClamp = IntVector.broadcast(I, Elementary.TANH_CLAMP);
    final IntVector magnitude = IntVector.broadcast(I, 0x7fffffff);
    final IntVector wholes = IntVector.broadcast(I, -(1 << Elementary.FRACTION_BITS));
    final IntVector sign = IntVector.broadcast(I, 0x80000000);
    final float[] zs = z.data;
    final float[] cs = c.data;
    final int zAt = z.at;
    final int cAt = c.at;
    final FloatVector zi = FloatVector.fromArray(S, weights, s).add(x0).add(h0);
    zi.intoArray(zs, zAt);
    final FloatVector iSigmoidMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[0]);
    final FloatVector iNegLog2e = FloatVector.broadcast(S, VectorElementary.CONSTANTS[1]);
    final FloatVector iLn2High = FloatVector.broadcast(S, VectorElementary.CONSTANTS[2]);
    final FloatVector iLn2Low = FloatVector.broadcast(S, VectorElementary.CONSTANTS[3]);
    final FloatVector iN6 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[4]);
    final FloatVector iP5 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[5]);
    final FloatVector iN4 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[6]);
    final FloatVector iP3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[7]);
    final FloatVector iN2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[8]);
    final FloatVector iTiny = FloatVector.broadcast(S, VectorElementary.CONSTANTS[9]);
    final IntVector iB = zi.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector iX = iB.sub(nanFirst).reinterpretAsFloats();
    final IntVector iM = iX.fma(iNegLog2e, iSigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector iN = iM.reinterpretAsFloats().sub(iSigmoidMagic);
    final FloatVector iR = iN.fma(iLn2Low, iN.fma(iLn2High, iX));
    final FloatVector iW = iR.mul(iR);
    final FloatVector iV = iW.fma(iN6, iR.fma(iP5, iN4));
    final FloatVector iP = iV.fma(iW, iR.fma(iP3, iN2)).fma(iW, iR);
    final FloatVector iS = iM.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector iT = iTiny.sub(iS);
    final FloatVector i = iTiny.div(iP.fma(iS, iTiny.sub(iT.add(iS))).add(iT));

    final FloatVector zf = FloatVector.fromArray(S, weights, s + L).add(x1).add(h1);
    zf.intoArray(zs, zAt + L);
    final FloatVector fSigmoidMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[0]);
    final FloatVector fNegLog2e = FloatVector.broadcast(S, VectorElementary.CONSTANTS[1]);
    final FloatVector fLn2High = FloatVector.broadcast(S, VectorElementary.CONSTANTS[2]);
    final FloatVector fLn2Low = FloatVector.broadcast(S, VectorElementary.CONSTANTS[3]);
    final FloatVector fN6 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[4]);
    final FloatVector fP5 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[5]);
    final FloatVector fN4 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[6]);
    final FloatVector fP3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[7]);
    final FloatVector fN2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[8]);
    final FloatVector fTiny = FloatVector.broadcast(S, VectorElementary.CONSTANTS[9]);
    final IntVector fB = zf.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector fX = fB.sub(nanFirst).reinterpretAsFloats();
    final IntVector fM = fX.fma(fNegLog2e, fSigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector fN = fM.reinterpretAsFloats().sub(fSigmoidMagic);
    final FloatVector fR = fN.fma(fLn2Low, fN.fma(fLn2High, fX));
    final FloatVector fW = fR.mul(fR);
    final FloatVector fV = fW.fma(fN6, fR.fma(fP5, fN4));
    final FloatVector fP = fV.fma(fW, fR.fma(fP3, fN2)).fma(fW, fR);
    final FloatVector fS = fM.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector fT = fTiny.sub(fS);
    final FloatVector f = fTiny.div(fP.fma(fS, fTiny.sub(fT.add(fS))).add(fT));

    final FloatVector zg = FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h2);
    zg.intoArray(zs, zAt + 2 * L);
    final FloatVector gTanhMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[10]);
    final FloatVector gLog2eTwice = FloatVector.broadcast(S, VectorElementary.CONSTANTS[11]);
    final FloatVector gMinusHalfLn2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[12]);
    final FloatVector gT1 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[13]);
    final FloatVector gT2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[14]);
    final FloatVector gT3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[15]);
    final FloatVector gOne = FloatVector.broadcast(S, VectorElementary.CONSTANTS[16]);
    final FloatVector gHalf = FloatVector.broadcast(S, VectorElementary.CONSTANTS[17]);
    final IntVector gBits = zg.reinterpretAsInts();
    final IntVector gB = gBits.and(magnitude).add(nanFirst).min(tanhClamp);
    final FloatVector gA = gB.sub(nanFirst).reinterpretAsFloats();
    final IntVector gM = gA.fma(gLog2eTwice, gTanhMagic).reinterpretAsInts().and(wholes);
    final FloatVector gR = gM.reinterpretAsFloats().sub(gTanhMagic).fma(gMinusHalfLn2, gA);
    final FloatVector gW = gR.mul(gR);
    final FloatVector gQ = gW.fma(gT3, gT2).fma(gW, gT1).fma(gW.mul(gR), gR);
    final FloatVector gS = gM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector gU = gQ.fma(gS.add(gHalf), gS.sub(gHalf));
    final FloatVector g = gU.div(gU.add(gOne.sub(gQ))).reinterpretAsInts().or(gBits.and(sign)).reinterpretAsFloats();

    final FloatVector cNew = f.fma(FloatVector.fromArray(S, cs, cAt), i.mul(g));
    cNew.intoArray(cs, cAt);

    final FloatVector zo = FloatVector.fromArray(S, weights, s + 3 * L).add(x3).add(h3);
    zo.intoArray(zs, zAt + 3 * L);
    final FloatVector oSigmoidMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[0]);
    final FloatVector oNegLog2e = FloatVector.broadcast(S, VectorElementary.CONSTANTS[1]);
    final FloatVector oLn2High = FloatVector.broadcast(S, VectorElementary.CONSTANTS[2]);
    final FloatVector oLn2Low = FloatVector.broadcast(S, VectorElementary.CONSTANTS[3]);
    final FloatVector oN6 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[4]);
    final FloatVector oP5 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[5]);
    final FloatVector oN4 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[6]);
    final FloatVector oP3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[7]);
    final FloatVector oN2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[8]);
    final FloatVector oTiny = FloatVector.broadcast(S, VectorElementary.CONSTANTS[9]);
    final IntVector oB = zo.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector oX = oB.sub(nanFirst).reinterpretAsFloats();
    final IntVector oM = oX.fma(oNegLog2e, oSigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector oN = oM.reinterpretAsFloats().sub(oSigmoidMagic);
    final FloatVector oR = oN.fma(oLn2Low, oN.fma(oLn2High, oX));
    final FloatVector oW = oR.mul(oR);
    final FloatVector oV = oW.fma(oN6, oR.fma(oP5, oN4));
    final FloatVector oP = oV.fma(oW, oR.fma(oP3, oN2)).fma(oW, oR);
    final FloatVector oS = oM.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector oT = oTiny.sub(oS);
    final FloatVector o = oTiny.div(oP.fma(oS, oTiny.sub(oT.add(oS))).add(oT));

    final FloatVector yTanhMagic = FloatVector.broadcast(S, VectorElementary.CONSTANTS[10]);
    final FloatVector yLog2eTwice = FloatVector.broadcast(S, VectorElementary.CONSTANTS[11]);
    final FloatVector yMinusHalfLn2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[12]);
    final FloatVector yT1 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[13]);
    final FloatVector yT2 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[14]);
    final FloatVector yT3 = FloatVector.broadcast(S, VectorElementary.CONSTANTS[15]);
    final FloatVector yOne = FloatVector.broadcast(S, VectorElementary.CONSTANTS[16]);
    final FloatVector yHalf = FloatVector.broadcast(S, VectorElementary.CONSTANTS[17]);
    final IntVector yBits = cNew.reinterpretAsInts();
    final IntVector yB = yBits.and(magnitude).add(nanFirst).min(tanhClamp);
    final FloatVector yA = yB.sub(nanFirst).reinterpretAsFloats();
    final IntVector yM = yA.fma(yLog2eTwice, yTanhMagic).reinterpretAsInts().and(wholes);
    final FloatVector yR = yM.reinterpretAsFloats().sub(yTanhMagic).fma(yMinusHalfLn2, yA);
    final FloatVector yW = yR.mul(yR);
    final FloatVector yQ = yW.fma(yT3, yT2).fma(yW, yT1).fma(yW.mul(yR), yR);
    final FloatVector yS = yM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector yU = yQ.fma(yS.add(yHalf), yS.sub(yHalf));
    final FloatVector y = yU.div(yU.add(yOne.sub(yQ))).reinterpretAsInts().or(yBits.and(sign)).reinterpretAsFloats();
    o.mul(y).intoArray(out.data, out.at);
  }

  /**
   * See {@link Kernels#lstmStep}: a row of two panels. The first gate takes its sums from registers, and waits where the result will
   * be; with all of them the method would be too large for the first compiler.
   */
  static void stepOfTwo(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out) {
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
    FloatVector x3 = FloatVector.zero(S);
    FloatVector x4 = FloatVector.zero(S);
    FloatVector x5 = FloatVector.zero(S);
    FloatVector x6 = FloatVector.zero(S);
    FloatVector x7 = FloatVector.zero(S);
    for (int k = 0; k < inputs; k++, q += rowStride, u += rowStride) {
      final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
      x0 = in.fma(FloatVector.fromArray(S, weights, q), x0);
      x1 = in.fma(FloatVector.fromArray(S, weights, q + L), x1);
      x2 = in.fma(FloatVector.fromArray(S, weights, q + 2 * L), x2);
      x3 = in.fma(FloatVector.fromArray(S, weights, q + 3 * L), x3);
      x4 = in.fma(FloatVector.fromArray(S, weights, u), x4);
      x5 = in.fma(FloatVector.fromArray(S, weights, u + L), x5);
      x6 = in.fma(FloatVector.fromArray(S, weights, u + 2 * L), x6);
      x7 = in.fma(FloatVector.fromArray(S, weights, u + 3 * L), x7);
    }
    FloatVector h0 = FloatVector.zero(S);
    FloatVector h1 = FloatVector.zero(S);
    FloatVector h2 = FloatVector.zero(S);
    FloatVector h3 = FloatVector.zero(S);
    FloatVector h4 = FloatVector.zero(S);
    FloatVector h5 = FloatVector.zero(S);
    FloatVector h6 = FloatVector.zero(S);
    FloatVector h7 = FloatVector.zero(S);
    for (int k = 0; k < hidden; k++, q += rowStride, u += rowStride) {
      final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
      h0 = re.fma(FloatVector.fromArray(S, weights, q), h0);
      h1 = re.fma(FloatVector.fromArray(S, weights, q + L), h1);
      h2 = re.fma(FloatVector.fromArray(S, weights, q + 2 * L), h2);
      h3 = re.fma(FloatVector.fromArray(S, weights, q + 3 * L), h3);
      h4 = re.fma(FloatVector.fromArray(S, weights, u), h4);
      h5 = re.fma(FloatVector.fromArray(S, weights, u + L), h5);
      h6 = re.fma(FloatVector.fromArray(S, weights, u + 2 * L), h6);
      h7 = re.fma(FloatVector.fromArray(S, weights, u + 3 * L), h7);
    }
    final float[] zs = z.data;
    final int zAt = z.at;
    final FloatVector s0 = FloatVector.fromArray(S, weights, s).add(x0).add(h0);
    s0.intoArray(zs, zAt);
    final FloatVector s1 = FloatVector.fromArray(S, weights, s + L).add(x1).add(h1);
    s1.intoArray(zs, zAt + L);
    final FloatVector s2 = FloatVector.fromArray(S, weights, s + 2 * L).add(x2).add(h2);
    s2.intoArray(zs, zAt + 2 * L);
    final FloatVector s3 = FloatVector.fromArray(S, weights, s + 3 * L).add(x3).add(h3);
    s3.intoArray(zs, zAt + 3 * L);
    final FloatVector s4 = FloatVector.fromArray(S, weights, t).add(x4).add(h4);
    s4.intoArray(zs, zAt + 4 * L);
    final FloatVector s5 = FloatVector.fromArray(S, weights, t + L).add(x5).add(h5);
    s5.intoArray(zs, zAt + 5 * L);
    final FloatVector s6 = FloatVector.fromArray(S, weights, t + 2 * L).add(x6).add(h6);
    s6.intoArray(zs, zAt + 6 * L);
    final FloatVector s7 = FloatVector.fromArray(S, weights, t + 3 * L).add(x7).add(h7);
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
    final IntVector nanFirst = IntVector.broadcast(I, Elementary.NAN_FIRST);
    final IntVector sigmoidClamp = IntVector.broadcast(I, Elementary.SIGMOID_CLAMP);
    final IntVector sigmoidLast = IntVector.broadcast(I, Elementary.SIGMOID_LAST);
    final IntVector i0B = s0.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final IntVector i1B = s4.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector i0X = i0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector i1X = i1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector i0M = i0X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final IntVector i1M = i1X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector i0N = i0M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector i1N = i1M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector i0R = i0N.fma(ln2Low, i0N.fma(ln2High, i0X));
    final FloatVector i1R = i1N.fma(ln2Low, i1N.fma(ln2High, i1X));
    final FloatVector i0W = i0R.mul(i0R);
    final FloatVector i1W = i1R.mul(i1R);
    final FloatVector i0V = i0W.fma(n6, i0R.fma(p5, n4));
    final FloatVector i1V = i1W.fma(n6, i1R.fma(p5, n4));
    final FloatVector i0P = i0V.fma(i0W, i0R.fma(p3, n2)).fma(i0W, i0R);
    final FloatVector i1P = i1V.fma(i1W, i1R.fma(p3, n2)).fma(i1W, i1R);
    final FloatVector i0S = i0M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector i1S = i1M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector i0T = tiny.sub(i0S);
    final FloatVector i1T = tiny.sub(i1S);
    final FloatVector i0 = tiny.div(i0P.fma(i0S, tiny.sub(i0T.add(i0S))).add(i0T));
    final FloatVector i1 = tiny.div(i1P.fma(i1S, tiny.sub(i1T.add(i1S))).add(i1T));
    i0.intoArray(out.data, out.at);
    i1.intoArray(out.data, out.at + L);
    fromInputGate(zs, zAt, c.data, c.at, out.data, out.at);
  }

  /** The rest of it: what begins at {@code hAt} is the input gate and becomes the hidden state. */
  private static void fromInputGate(float[] zs, int zAt, float[] cs, int cAt, float[] hs, int hAt) {
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
    final FloatVector zg0 = FloatVector.fromArray(S, zs, zAt + 2 * L);
    final FloatVector zg1 = FloatVector.fromArray(S, zs, zAt + 6 * L);
    final IntVector g0Bits = zg0.reinterpretAsInts();
    final IntVector g1Bits = zg1.reinterpretAsInts();
    final IntVector g0B = g0Bits.and(magnitude).add(nanFirst).min(tanhClamp);
    final IntVector g1B = g1Bits.and(magnitude).add(nanFirst).min(tanhClamp);
    final FloatVector g0A = g0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector g1A = g1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector g0M = g0A.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
    final IntVector g1M = g1A.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
    final FloatVector g0R = g0M.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, g0A);
    final FloatVector g1R = g1M.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, g1A);
    final FloatVector g0W = g0R.mul(g0R);
    final FloatVector g1W = g1R.mul(g1R);
    final FloatVector g0Q = g0W.fma(t3, t2).fma(g0W, t1).fma(g0W.mul(g0R), g0R);
    final FloatVector g1Q = g1W.fma(t3, t2).fma(g1W, t1).fma(g1W.mul(g1R), g1R);
    final FloatVector g0S = g0M.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector g1S = g1M.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector g0U = g0Q.fma(g0S.add(half), g0S.sub(half));
    final FloatVector g1U = g1Q.fma(g1S.add(half), g1S.sub(half));
    final FloatVector g0 = g0U.div(g0U.add(one.sub(g0Q))).reinterpretAsInts().or(g0Bits.and(sign)).reinterpretAsFloats();
    final FloatVector g1 = g1U.div(g1U.add(one.sub(g1Q))).reinterpretAsInts().or(g1Bits.and(sign)).reinterpretAsFloats();

    final FloatVector zf0 = FloatVector.fromArray(S, zs, zAt + L);
    final FloatVector zf1 = FloatVector.fromArray(S, zs, zAt + 5 * L);
    final IntVector f0B = zf0.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final IntVector f1B = zf1.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector f0X = f0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector f1X = f1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector f0M = f0X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final IntVector f1M = f1X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector f0N = f0M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector f1N = f1M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector f0R = f0N.fma(ln2Low, f0N.fma(ln2High, f0X));
    final FloatVector f1R = f1N.fma(ln2Low, f1N.fma(ln2High, f1X));
    final FloatVector f0W = f0R.mul(f0R);
    final FloatVector f1W = f1R.mul(f1R);
    final FloatVector f0V = f0W.fma(n6, f0R.fma(p5, n4));
    final FloatVector f1V = f1W.fma(n6, f1R.fma(p5, n4));
    final FloatVector f0P = f0V.fma(f0W, f0R.fma(p3, n2)).fma(f0W, f0R);
    final FloatVector f1P = f1V.fma(f1W, f1R.fma(p3, n2)).fma(f1W, f1R);
    final FloatVector f0S = f0M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector f1S = f1M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector f0T = tiny.sub(f0S);
    final FloatVector f1T = tiny.sub(f1S);
    final FloatVector f0 = tiny.div(f0P.fma(f0S, tiny.sub(f0T.add(f0S))).add(f0T));
    final FloatVector f1 = tiny.div(f1P.fma(f1S, tiny.sub(f1T.add(f1S))).add(f1T));

    final FloatVector c0 = f0.fma(FloatVector.fromArray(S, cs, cAt), FloatVector.fromArray(S, hs, hAt).mul(g0));
    final FloatVector c1 = f1.fma(FloatVector.fromArray(S, cs, cAt + L), FloatVector.fromArray(S, hs, hAt + L).mul(g1));
    c0.intoArray(cs, cAt);
    c1.intoArray(cs, cAt + L);

    final FloatVector zo0 = FloatVector.fromArray(S, zs, zAt + 3 * L);
    final FloatVector zo1 = FloatVector.fromArray(S, zs, zAt + 7 * L);
    final IntVector o0B = zo0.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final IntVector o1B = zo1.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
    final FloatVector o0X = o0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector o1X = o1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector o0M = o0X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final IntVector o1M = o1X.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
    final FloatVector o0N = o0M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector o1N = o1M.reinterpretAsFloats().sub(sigmoidMagic);
    final FloatVector o0R = o0N.fma(ln2Low, o0N.fma(ln2High, o0X));
    final FloatVector o1R = o1N.fma(ln2Low, o1N.fma(ln2High, o1X));
    final FloatVector o0W = o0R.mul(o0R);
    final FloatVector o1W = o1R.mul(o1R);
    final FloatVector o0V = o0W.fma(n6, o0R.fma(p5, n4));
    final FloatVector o1V = o1W.fma(n6, o1R.fma(p5, n4));
    final FloatVector o0P = o0V.fma(o0W, o0R.fma(p3, n2)).fma(o0W, o0R);
    final FloatVector o1P = o1V.fma(o1W, o1R.fma(p3, n2)).fma(o1W, o1R);
    final FloatVector o0S = o0M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector o1S = o1M.lanewise(LSHL, 23).reinterpretAsFloats();
    final FloatVector o0T = tiny.sub(o0S);
    final FloatVector o1T = tiny.sub(o1S);
    final FloatVector o0 = tiny.div(o0P.fma(o0S, tiny.sub(o0T.add(o0S))).add(o0T));
    final FloatVector o1 = tiny.div(o1P.fma(o1S, tiny.sub(o1T.add(o1S))).add(o1T));

    final IntVector y0Bits = c0.reinterpretAsInts();
    final IntVector y1Bits = c1.reinterpretAsInts();
    final IntVector y0B = y0Bits.and(magnitude).add(nanFirst).min(tanhClamp);
    final IntVector y1B = y1Bits.and(magnitude).add(nanFirst).min(tanhClamp);
    final FloatVector y0A = y0B.sub(nanFirst).reinterpretAsFloats();
    final FloatVector y1A = y1B.sub(nanFirst).reinterpretAsFloats();
    final IntVector y0M = y0A.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
    final IntVector y1M = y1A.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
    final FloatVector y0R = y0M.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, y0A);
    final FloatVector y1R = y1M.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, y1A);
    final FloatVector y0W = y0R.mul(y0R);
    final FloatVector y1W = y1R.mul(y1R);
    final FloatVector y0Q = y0W.fma(t3, t2).fma(y0W, t1).fma(y0W.mul(y0R), y0R);
    final FloatVector y1Q = y1W.fma(t3, t2).fma(y1W, t1).fma(y1W.mul(y1R), y1R);
    final FloatVector y0S = y0M.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector y1S = y1M.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
    final FloatVector y0U = y0Q.fma(y0S.add(half), y0S.sub(half));
    final FloatVector y1U = y1Q.fma(y1S.add(half), y1S.sub(half));
    final FloatVector y0 = y0U.div(y0U.add(one.sub(y0Q))).reinterpretAsInts().or(y0Bits.and(sign)).reinterpretAsFloats();
    final FloatVector y1 = y1U.div(y1U.add(one.sub(y1Q))).reinterpretAsInts().or(y1Bits.and(sign)).reinterpretAsFloats();
    o0.mul(y0).intoArray(hs, hAt);
    o1.mul(y1).intoArray(hs, hAt + L);
  }
}
