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
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorGates() {}

  /** See {@link Kernels#lstmForward}. */
  static void lstmForward(int units, int rows, Rows z, Rows c, Rows h) {
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
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector half = FloatVector.broadcast(S, 0.5f);
    for (int row = 0; row < rows; row++) {
      int q = z.at + row * z.stride;
      final int cAt = c.at + row * c.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zi = FloatVector.fromArray(S, gates, q);
        final IntVector iB = zi.reinterpretAsInts().add(Elementary.NAN_FIRST)
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_CLAMP);
        final FloatVector iX = iB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector iM = iX.fma(negLog2e, sigmoidMagic).reinterpretAsInts()
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_LAST);
        final FloatVector iN = iM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector iR = iN.fma(ln2Low, iN.fma(ln2High, iX));
        final FloatVector iW = iR.mul(iR);
        final FloatVector iP = iW.fma(n6, iR.fma(p5, n4)).fma(iW, iR.fma(p3, n2)).fma(iW, iR);
        final FloatVector iS = iM.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector iT = tiny.sub(iS);
        final FloatVector i = tiny.div(iP.fma(iS, tiny.sub(iT.add(iS))).add(iT));

        final FloatVector zf = FloatVector.fromArray(S, gates, q + L);
        final IntVector fB = zf.reinterpretAsInts().add(Elementary.NAN_FIRST)
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_CLAMP);
        final FloatVector fX = fB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector fM = fX.fma(negLog2e, sigmoidMagic).reinterpretAsInts()
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_LAST);
        final FloatVector fN = fM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector fR = fN.fma(ln2Low, fN.fma(ln2High, fX));
        final FloatVector fW = fR.mul(fR);
        final FloatVector fP = fW.fma(n6, fR.fma(p5, n4)).fma(fW, fR.fma(p3, n2)).fma(fW, fR);
        final FloatVector fS = fM.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector fT = tiny.sub(fS);
        final FloatVector f = tiny.div(fP.fma(fS, tiny.sub(fT.add(fS))).add(fT));

        final FloatVector zg = FloatVector.fromArray(S, gates, q + 2 * L);
        final IntVector gBits = zg.reinterpretAsInts();
        final IntVector gB = gBits.and(0x7fffffff).add(Elementary.NAN_FIRST).lanewise(VectorOperators.MIN, Elementary.TANH_CLAMP);
        final FloatVector gA = gB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector gM = gA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(-(1 << Elementary.FRACTION_BITS));
        final FloatVector gR = gM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, gA);
        final FloatVector gW = gR.mul(gR);
        final FloatVector gQ = gW.fma(t3, t2).fma(gW, t1).fma(gW.mul(gR), gR);
        final FloatVector gS = gM.lanewise(VectorOperators.LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
        final FloatVector gU = gQ.fma(gS.add(half), gS.sub(half));
        final FloatVector g = gU.div(gU.add(one.sub(gQ))).reinterpretAsInts()
            .or(gBits.and(0x80000000)).reinterpretAsFloats();

        final FloatVector cell = f.fma(FloatVector.fromArray(S, cells, cAt + j), i.mul(g));
        cell.intoArray(cells, cAt + j);
      }
      // The output gate comes last: nothing but the result waits for it, and the division must not be kept from the others.
      q = z.at + row * z.stride + 3 * L;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zo = FloatVector.fromArray(S, gates, q);
        final IntVector oB = zo.reinterpretAsInts().add(Elementary.NAN_FIRST)
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_CLAMP);
        final FloatVector oX = oB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector oM = oX.fma(negLog2e, sigmoidMagic).reinterpretAsInts()
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_LAST);
        final FloatVector oN = oM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector oR = oN.fma(ln2Low, oN.fma(ln2High, oX));
        final FloatVector oW = oR.mul(oR);
        final FloatVector oP = oW.fma(n6, oR.fma(p5, n4)).fma(oW, oR.fma(p3, n2)).fma(oW, oR);
        final FloatVector oS = oM.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector oT = tiny.sub(oS);
        final FloatVector o = tiny.div(oP.fma(oS, tiny.sub(oT.add(oS))).add(oT));

        final FloatVector cell = FloatVector.fromArray(S, cells, cAt + j);
        final IntVector yBits = cell.reinterpretAsInts();
        final IntVector yB = yBits.and(0x7fffffff).add(Elementary.NAN_FIRST).lanewise(VectorOperators.MIN, Elementary.TANH_CLAMP);
        final FloatVector yA = yB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector yM = yA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(-(1 << Elementary.FRACTION_BITS));
        final FloatVector yR = yM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, yA);
        final FloatVector yW = yR.mul(yR);
        final FloatVector yQ = yW.fma(t3, t2).fma(yW, t1).fma(yW.mul(yR), yR);
        final FloatVector yS = yM.lanewise(VectorOperators.LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
        final FloatVector yU = yQ.fma(yS.add(half), yS.sub(half));
        final FloatVector y = yU.div(yU.add(one.sub(yQ))).reinterpretAsInts()
            .or(yBits.and(0x80000000)).reinterpretAsFloats();
        o.mul(y).intoArray(out, hAt + j);
      }
    }
  }

  /** See {@link Kernels#gruForward}. */
  static void gruForward(int units, int rows, Rows z, Rows old, Rows h) {
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
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector half = FloatVector.broadcast(S, 0.5f);
    for (int row = 0; row < rows; row++) {
      int q = z.at + row * z.stride;
      final int oldAt = old.at + row * old.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zu = FloatVector.fromArray(S, gates, q + L);
        final IntVector uB = zu.reinterpretAsInts().add(Elementary.NAN_FIRST)
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_CLAMP);
        final FloatVector uX = uB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector uM = uX.fma(negLog2e, sigmoidMagic).reinterpretAsInts()
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_LAST);
        final FloatVector uN = uM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector uR = uN.fma(ln2Low, uN.fma(ln2High, uX));
        final FloatVector uW = uR.mul(uR);
        final FloatVector uP = uW.fma(n6, uR.fma(p5, n4)).fma(uW, uR.fma(p3, n2)).fma(uW, uR);
        final FloatVector uS = uM.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector uT = tiny.sub(uS);
        final FloatVector u = tiny.div(uP.fma(uS, tiny.sub(uT.add(uS))).add(uT));

        final FloatVector zr = FloatVector.fromArray(S, gates, q + 2 * L);
        final IntVector rB = zr.reinterpretAsInts().add(Elementary.NAN_FIRST)
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_CLAMP);
        final FloatVector rX = rB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector rM = rX.fma(negLog2e, sigmoidMagic).reinterpretAsInts()
            .lanewise(VectorOperators.MIN, Elementary.SIGMOID_LAST);
        final FloatVector rN = rM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector rR = rN.fma(ln2Low, rN.fma(ln2High, rX));
        final FloatVector rW = rR.mul(rR);
        final FloatVector rP = rW.fma(n6, rR.fma(p5, n4)).fma(rW, rR.fma(p3, n2)).fma(rW, rR);
        final FloatVector rS = rM.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        final FloatVector rT = tiny.sub(rS);
        final FloatVector r = tiny.div(rP.fma(rS, tiny.sub(rT.add(rS))).add(rT));

        final FloatVector zg = r.fma(FloatVector.fromArray(S, gates, q + 3 * L), FloatVector.fromArray(S, gates, q));
        final IntVector gBits = zg.reinterpretAsInts();
        final IntVector gB = gBits.and(0x7fffffff).add(Elementary.NAN_FIRST).lanewise(VectorOperators.MIN, Elementary.TANH_CLAMP);
        final FloatVector gA = gB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
        final IntVector gM = gA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(-(1 << Elementary.FRACTION_BITS));
        final FloatVector gR = gM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, gA);
        final FloatVector gW = gR.mul(gR);
        final FloatVector gQ = gW.fma(t3, t2).fma(gW, t1).fma(gW.mul(gR), gR);
        final FloatVector gS = gM.lanewise(VectorOperators.LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
        final FloatVector gU = gQ.fma(gS.add(half), gS.sub(half));
        final FloatVector g = gU.div(gU.add(one.sub(gQ))).reinterpretAsInts()
            .or(gBits.and(0x80000000)).reinterpretAsFloats();

        u.fma(FloatVector.fromArray(S, before, oldAt + j), one.sub(u).mul(g)).intoArray(out, hAt + j);
      }
    }
  }
}
