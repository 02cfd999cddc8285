package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gates of LSTM and GRU, vector by vector, from the pre-activations that a product left in panel order.
 *
 * <p>Sigmoid and tanh are written out where they are used, operation by operation as in {@link Elementary}: a
 * helper that takes a vector is boxed whenever the compiler does not inline it, which beside this much
 * arithmetic it does not (three to six times slower, measured). The names of one use share a prefix.
 */
final class VectorGates {
  private static final VectorSpecies<Float> S = VectorCarrier.SPECIES;
  private static final int L = S.length();

  private VectorGates() {}

  /** See {@link Carrier#lstm}. */
  static void lstm(int units, int rows, Rows z, Rows c, Rows h) {
    final float[] gates = z.data;
    final float[] cells = c.data;
    final float[] out = h.data;
    final FloatVector sigmoidMagic = FloatVector.broadcast(S, Elementary.SIGMOID_MAGIC);
    final FloatVector tanhMagic = FloatVector.broadcast(S, Elementary.TANH_MAGIC);
    final FloatVector negLog2e = FloatVector.broadcast(S, -Elementary.LOG2E);
    final FloatVector ln2High = FloatVector.broadcast(S, Elementary.LN2_HIGH);
    final FloatVector ln2Low = FloatVector.broadcast(S, Elementary.LN2_LOW);
    final FloatVector n6 = FloatVector.broadcast(S, -Elementary.E6);
    final FloatVector p5 = FloatVector.broadcast(S, Elementary.E5);
    final FloatVector n4 = FloatVector.broadcast(S, -Elementary.E4);
    final FloatVector p3 = FloatVector.broadcast(S, Elementary.E3);
    final FloatVector n2 = FloatVector.broadcast(S, -Elementary.E2);
    final FloatVector tiny = FloatVector.broadcast(S, Elementary.TINY);
    final FloatVector log2eTwice = FloatVector.broadcast(S, Elementary.LOG2E_TWICE);
    final FloatVector minusHalf = FloatVector.broadcast(S, -0.5f);
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector two = FloatVector.broadcast(S, 2f);
    final FloatVector four = FloatVector.broadcast(S, 4f);
    for (int row = 0; row < rows; row++) {
      int q = z.at + row * z.stride;
      final int cAt = c.at + row * c.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zi = FloatVector.fromArray(S, gates, q);
        FloatVector iX = zi.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), zi.compare(VectorOperators.LT, Elementary.EXP_LOW));
        iX = iX.blend(FloatVector.broadcast(S, Elementary.SIGMOID_HIGH), iX.compare(VectorOperators.GT, Elementary.SIGMOID_HIGH));
        final FloatVector iM = iX.fma(negLog2e, sigmoidMagic);
        final FloatVector iN = iM.sub(sigmoidMagic);
        final FloatVector iR = iN.fma(ln2Low, iN.fma(ln2High, iX));
        final FloatVector iP = iR.fma(n6, p5).fma(iR, n4).fma(iR, p3).fma(iR, n2).fma(iR.mul(iR), iR);
        final FloatVector iS = iM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector iT = tiny.sub(iS);
        final FloatVector i = tiny.div(iP.fma(iS, tiny.sub(iT.add(iS))).add(iT));

        final FloatVector zf = FloatVector.fromArray(S, gates, q + L);
        FloatVector fX = zf.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), zf.compare(VectorOperators.LT, Elementary.EXP_LOW));
        fX = fX.blend(FloatVector.broadcast(S, Elementary.SIGMOID_HIGH), fX.compare(VectorOperators.GT, Elementary.SIGMOID_HIGH));
        final FloatVector fM = fX.fma(negLog2e, sigmoidMagic);
        final FloatVector fN = fM.sub(sigmoidMagic);
        final FloatVector fR = fN.fma(ln2Low, fN.fma(ln2High, fX));
        final FloatVector fP = fR.fma(n6, p5).fma(fR, n4).fma(fR, p3).fma(fR, n2).fma(fR.mul(fR), fR);
        final FloatVector fS = fM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector fT = tiny.sub(fS);
        final FloatVector f = tiny.div(fP.fma(fS, tiny.sub(fT.add(fS))).add(fT));

        final FloatVector zg = FloatVector.fromArray(S, gates, q + 2 * L);
        final IntVector gBits = zg.reinterpretAsInts();
        FloatVector gA = gBits.and(0x7fffffff).reinterpretAsFloats();
        gA = gA.blend(FloatVector.broadcast(S, Elementary.TANH_HIGH), gA.compare(VectorOperators.GT, Elementary.TANH_HIGH));
        final FloatVector gM = gA.fma(log2eTwice, minusHalf).add(tanhMagic);
        final FloatVector gR = gM.sub(tanhMagic).fma(minusHalfLn2, gA);
        final FloatVector gW = gR.mul(gR);
        final FloatVector gQ = gW.fma(t3, t2).fma(gW, t1).fma(gW.mul(gR), gR);
        final FloatVector gS = gM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector gU = gQ.fma(gS.add(two), gS.sub(two));
        final FloatVector g = gU.div(one.sub(gQ).fma(four, gU)).reinterpretAsInts()
            .or(gBits.and(0x80000000)).reinterpretAsFloats();

        final FloatVector zo = FloatVector.fromArray(S, gates, q + 3 * L);
        FloatVector oX = zo.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), zo.compare(VectorOperators.LT, Elementary.EXP_LOW));
        oX = oX.blend(FloatVector.broadcast(S, Elementary.SIGMOID_HIGH), oX.compare(VectorOperators.GT, Elementary.SIGMOID_HIGH));
        final FloatVector oM = oX.fma(negLog2e, sigmoidMagic);
        final FloatVector oN = oM.sub(sigmoidMagic);
        final FloatVector oR = oN.fma(ln2Low, oN.fma(ln2High, oX));
        final FloatVector oP = oR.fma(n6, p5).fma(oR, n4).fma(oR, p3).fma(oR, n2).fma(oR.mul(oR), oR);
        final FloatVector oS = oM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector oT = tiny.sub(oS);
        final FloatVector o = tiny.div(oP.fma(oS, tiny.sub(oT.add(oS))).add(oT));

        final FloatVector cell = f.fma(FloatVector.fromArray(S, cells, cAt + j), i.mul(g));
        cell.intoArray(cells, cAt + j);
        final IntVector yBits = cell.reinterpretAsInts();
        FloatVector yA = yBits.and(0x7fffffff).reinterpretAsFloats();
        yA = yA.blend(FloatVector.broadcast(S, Elementary.TANH_HIGH), yA.compare(VectorOperators.GT, Elementary.TANH_HIGH));
        final FloatVector yM = yA.fma(log2eTwice, minusHalf).add(tanhMagic);
        final FloatVector yR = yM.sub(tanhMagic).fma(minusHalfLn2, yA);
        final FloatVector yW = yR.mul(yR);
        final FloatVector yQ = yW.fma(t3, t2).fma(yW, t1).fma(yW.mul(yR), yR);
        final FloatVector yS = yM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector yU = yQ.fma(yS.add(two), yS.sub(two));
        final FloatVector y = yU.div(one.sub(yQ).fma(four, yU)).reinterpretAsInts()
            .or(yBits.and(0x80000000)).reinterpretAsFloats();
        o.mul(y).intoArray(out, hAt + j);
      }
    }
  }

  /** See {@link Carrier#gru}. */
  static void gru(int units, int rows, Rows z, Rows old, Rows h) {
    final float[] gates = z.data;
    final float[] before = old.data;
    final float[] out = h.data;
    final FloatVector sigmoidMagic = FloatVector.broadcast(S, Elementary.SIGMOID_MAGIC);
    final FloatVector tanhMagic = FloatVector.broadcast(S, Elementary.TANH_MAGIC);
    final FloatVector negLog2e = FloatVector.broadcast(S, -Elementary.LOG2E);
    final FloatVector ln2High = FloatVector.broadcast(S, Elementary.LN2_HIGH);
    final FloatVector ln2Low = FloatVector.broadcast(S, Elementary.LN2_LOW);
    final FloatVector n6 = FloatVector.broadcast(S, -Elementary.E6);
    final FloatVector p5 = FloatVector.broadcast(S, Elementary.E5);
    final FloatVector n4 = FloatVector.broadcast(S, -Elementary.E4);
    final FloatVector p3 = FloatVector.broadcast(S, Elementary.E3);
    final FloatVector n2 = FloatVector.broadcast(S, -Elementary.E2);
    final FloatVector tiny = FloatVector.broadcast(S, Elementary.TINY);
    final FloatVector log2eTwice = FloatVector.broadcast(S, Elementary.LOG2E_TWICE);
    final FloatVector minusHalf = FloatVector.broadcast(S, -0.5f);
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector two = FloatVector.broadcast(S, 2f);
    final FloatVector four = FloatVector.broadcast(S, 4f);
    for (int row = 0; row < rows; row++) {
      int q = z.at + row * z.stride;
      final int oldAt = old.at + row * old.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zu = FloatVector.fromArray(S, gates, q + L);
        FloatVector uX = zu.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), zu.compare(VectorOperators.LT, Elementary.EXP_LOW));
        uX = uX.blend(FloatVector.broadcast(S, Elementary.SIGMOID_HIGH), uX.compare(VectorOperators.GT, Elementary.SIGMOID_HIGH));
        final FloatVector uM = uX.fma(negLog2e, sigmoidMagic);
        final FloatVector uN = uM.sub(sigmoidMagic);
        final FloatVector uR = uN.fma(ln2Low, uN.fma(ln2High, uX));
        final FloatVector uP = uR.fma(n6, p5).fma(uR, n4).fma(uR, p3).fma(uR, n2).fma(uR.mul(uR), uR);
        final FloatVector uS = uM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector uT = tiny.sub(uS);
        final FloatVector u = tiny.div(uP.fma(uS, tiny.sub(uT.add(uS))).add(uT));

        final FloatVector zr = FloatVector.fromArray(S, gates, q + 2 * L);
        FloatVector rX = zr.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), zr.compare(VectorOperators.LT, Elementary.EXP_LOW));
        rX = rX.blend(FloatVector.broadcast(S, Elementary.SIGMOID_HIGH), rX.compare(VectorOperators.GT, Elementary.SIGMOID_HIGH));
        final FloatVector rM = rX.fma(negLog2e, sigmoidMagic);
        final FloatVector rN = rM.sub(sigmoidMagic);
        final FloatVector rR = rN.fma(ln2Low, rN.fma(ln2High, rX));
        final FloatVector rP = rR.fma(n6, p5).fma(rR, n4).fma(rR, p3).fma(rR, n2).fma(rR.mul(rR), rR);
        final FloatVector rS = rM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector rT = tiny.sub(rS);
        final FloatVector r = tiny.div(rP.fma(rS, tiny.sub(rT.add(rS))).add(rT));

        final FloatVector zg = r.fma(FloatVector.fromArray(S, gates, q + 3 * L), FloatVector.fromArray(S, gates, q));
        final IntVector gBits = zg.reinterpretAsInts();
        FloatVector gA = gBits.and(0x7fffffff).reinterpretAsFloats();
        gA = gA.blend(FloatVector.broadcast(S, Elementary.TANH_HIGH), gA.compare(VectorOperators.GT, Elementary.TANH_HIGH));
        final FloatVector gM = gA.fma(log2eTwice, minusHalf).add(tanhMagic);
        final FloatVector gR = gM.sub(tanhMagic).fma(minusHalfLn2, gA);
        final FloatVector gW = gR.mul(gR);
        final FloatVector gQ = gW.fma(t3, t2).fma(gW, t1).fma(gW.mul(gR), gR);
        final FloatVector gS = gM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector gU = gQ.fma(gS.add(two), gS.sub(two));
        final FloatVector g = gU.div(one.sub(gQ).fma(four, gU)).reinterpretAsInts()
            .or(gBits.and(0x80000000)).reinterpretAsFloats();

        u.fma(FloatVector.fromArray(S, before, oldAt + j), one.sub(u).mul(g)).intoArray(out, hAt + j);
      }
    }
  }
}
