// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#lstmForward} and {@link Kernels#lstmBackward}, a vector of units at a time. */
final class VectorLstm {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();

  private VectorLstm() {}

  /** See {@link Kernels#lstmForward}. */
  static void forward(int units, int rows, Rows gates, Rows c, Rows h) {
    final float[] zs = gates.data;
    final float[] cs = c.data;
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
      final int cAt = c.at + row * c.stride;
      final int hAt = h.at + row * h.stride;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zi = FloatVector.fromArray(S, zs, q);
        final IntVector iB = zi.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
        final FloatVector iX = iB.sub(nanFirst).reinterpretAsFloats();
        final IntVector iM = iX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
        final FloatVector iN = iM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector iR = iN.fma(ln2Low, iN.fma(ln2High, iX));
        final FloatVector iW = iR.mul(iR);
        final FloatVector iV = iW.fma(n6, iR.fma(p5, n4));
        final FloatVector iP = iV.fma(iW, iR.fma(p3, n2)).fma(iW, iR);
        final FloatVector iS = iM.lanewise(LSHL, 23).reinterpretAsFloats();
        final FloatVector iT = tiny.sub(iS);
        final FloatVector i = tiny.div(iP.fma(iS, tiny.sub(iT.add(iS))).add(iT));

        final FloatVector zf = FloatVector.fromArray(S, zs, q + L);
        final IntVector fB = zf.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
        final FloatVector fX = fB.sub(nanFirst).reinterpretAsFloats();
        final IntVector fM = fX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
        final FloatVector fN = fM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector fR = fN.fma(ln2Low, fN.fma(ln2High, fX));
        final FloatVector fW = fR.mul(fR);
        final FloatVector fV = fW.fma(n6, fR.fma(p5, n4));
        final FloatVector fP = fV.fma(fW, fR.fma(p3, n2)).fma(fW, fR);
        final FloatVector fS = fM.lanewise(LSHL, 23).reinterpretAsFloats();
        final FloatVector fT = tiny.sub(fS);
        final FloatVector f = tiny.div(fP.fma(fS, tiny.sub(fT.add(fS))).add(fT));

        final FloatVector zg = FloatVector.fromArray(S, zs, q + 2 * L);
        final IntVector gBits = zg.reinterpretAsInts();
        final IntVector gB = gBits.and(magnitude).add(nanFirst).min(tanhClamp);
        final FloatVector gA = gB.sub(nanFirst).reinterpretAsFloats();
        final IntVector gM = gA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
        final FloatVector gR = gM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, gA);
        final FloatVector gW = gR.mul(gR);
        final FloatVector gQ = gW.fma(t3, t2).fma(gW, t1).fma(gW.mul(gR), gR);
        final FloatVector gS = gM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
        final FloatVector gU = gQ.fma(gS.add(half), gS.sub(half));
        final FloatVector g = gU.div(gU.add(one.sub(gQ))).reinterpretAsInts().or(gBits.and(sign)).reinterpretAsFloats();

        f.fma(FloatVector.fromArray(S, cs, cAt + j), i.mul(g)).intoArray(cs, cAt + j);
      }
      // The output gate comes last: nothing but the result waits for it, and the division must not be kept from the others.
      q = gates.at + row * gates.stride + 3 * L;
      for (int j = 0; j < units; j += L, q += 4 * L) {
        final FloatVector zo = FloatVector.fromArray(S, zs, q);
        final IntVector oB = zo.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
        final FloatVector oX = oB.sub(nanFirst).reinterpretAsFloats();
        final IntVector oM = oX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
        final FloatVector oN = oM.reinterpretAsFloats().sub(sigmoidMagic);
        final FloatVector oR = oN.fma(ln2Low, oN.fma(ln2High, oX));
        final FloatVector oW = oR.mul(oR);
        final FloatVector oV = oW.fma(n6, oR.fma(p5, n4));
        final FloatVector oP = oV.fma(oW, oR.fma(p3, n2)).fma(oW, oR);
        final FloatVector oS = oM.lanewise(LSHL, 23).reinterpretAsFloats();
        final FloatVector oT = tiny.sub(oS);
        final FloatVector o = tiny.div(oP.fma(oS, tiny.sub(oT.add(oS))).add(oT));

        final FloatVector cNew = FloatVector.fromArray(S, cs, cAt + j);
        final IntVector yBits = cNew.reinterpretAsInts();
        final IntVector yB = yBits.and(magnitude).add(nanFirst).min(tanhClamp);
        final FloatVector yA = yB.sub(nanFirst).reinterpretAsFloats();
        final IntVector yM = yA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
        final FloatVector yR = yM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, yA);
        final FloatVector yW = yR.mul(yR);
        final FloatVector yQ = yW.fma(t3, t2).fma(yW, t1).fma(yW.mul(yR), yR);
        final FloatVector yS = yM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
        final FloatVector yU = yQ.fma(yS.add(half), yS.sub(half));
        final FloatVector y = yU.div(yU.add(one.sub(yQ))).reinterpretAsInts().or(yBits.and(sign)).reinterpretAsFloats();
        o.mul(y).intoArray(hs, hAt + j);
      }
    }
  }

  /**
   * See {@link Kernels#lstmBackward}. The gates lie side by side, and nothing behind one may change: the units of no whole
   * vector go one by one.
   */
  static void backward(int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt, float[] dh,
      float[] dc, int dAt) {
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector zero = FloatVector.zero(S);
    final int whole = units & -L;
    for (int j = 0; j < whole; j += L) {
      final FloatVector i = FloatVector.fromArray(S, gates, at + j);
      final FloatVector f = FloatVector.fromArray(S, gates, at + units + j);
      final FloatVector g = FloatVector.fromArray(S, gates, at + 2 * units + j);
      final FloatVector o = FloatVector.fromArray(S, gates, at + 3 * units + j);
      final FloatVector y = FloatVector.fromArray(S, tanhC, tanhCAt + j);
      final FloatVector d = FloatVector.fromArray(S, dh, dAt + j);
      final FloatVector e = FloatVector.fromArray(S, dc, dAt + j).add(d.mul(o).mul(y.neg().fma(y, one)));
      e.mul(g).mul(i.mul(one.sub(i))).intoArray(gates, at + j);
      e.mul(FloatVector.fromArray(S, cOld, cOldAt + j)).mul(f.mul(one.sub(f))).intoArray(gates, at + units + j);
      e.mul(i).mul(g.neg().fma(g, one)).intoArray(gates, at + 2 * units + j);
      d.mul(y).mul(o.mul(one.sub(o))).intoArray(gates, at + 3 * units + j);
      e.mul(f).intoArray(dc, dAt + j);
      zero.intoArray(dh, dAt + j);
    }
    if (whole < units) {
      ScalarKernels.lstmBackward(whole, units, gates, at, cOld, cOldAt, tanhC, tanhCAt, dh, dc, dAt);
    }
  }
}
