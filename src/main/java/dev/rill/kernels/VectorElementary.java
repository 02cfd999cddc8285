package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sigmoid, tanh and exp over arrays: the operations of {@link Elementary}, a lane for an element. */
final class VectorElementary {
  private static final VectorSpecies<Float> S = VectorCarrier.SPECIES;
  private static final int L = S.length();

  private VectorElementary() {}

  static void sigmoid(float[] a, int at, int count) {
    final FloatVector magic = FloatVector.broadcast(S, Elementary.SIGMOID_MAGIC);
    final FloatVector negLog2e = FloatVector.broadcast(S, -Elementary.LOG2E);
    final FloatVector ln2High = FloatVector.broadcast(S, Elementary.LN2_HIGH);
    final FloatVector ln2Low = FloatVector.broadcast(S, Elementary.LN2_LOW);
    final FloatVector n6 = FloatVector.broadcast(S, -Elementary.E6);
    final FloatVector p5 = FloatVector.broadcast(S, Elementary.E5);
    final FloatVector n4 = FloatVector.broadcast(S, -Elementary.E4);
    final FloatVector p3 = FloatVector.broadcast(S, Elementary.E3);
    final FloatVector n2 = FloatVector.broadcast(S, -Elementary.E2);
    final FloatVector tiny = FloatVector.broadcast(S, Elementary.TINY);
    for (int j = at; j < at + count; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, j);
      FloatVector yX = x.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), x.compare(VectorOperators.LT, Elementary.EXP_LOW));
      yX = yX.blend(FloatVector.broadcast(S, Elementary.SIGMOID_HIGH), yX.compare(VectorOperators.GT, Elementary.SIGMOID_HIGH));
      final FloatVector yM = yX.fma(negLog2e, magic);
      final FloatVector yN = yM.sub(magic);
      final FloatVector yR = yN.fma(ln2Low, yN.fma(ln2High, yX));
      final FloatVector yP = yR.fma(n6, p5).fma(yR, n4).fma(yR, p3).fma(yR, n2).fma(yR.mul(yR), yR);
      final FloatVector yS = yM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      final FloatVector yT = tiny.sub(yS);
      final FloatVector y = tiny.div(yP.fma(yS, tiny.sub(yT.add(yS))).add(yT));
      y.intoArray(a, j);
    }
  }

  static void tanh(float[] a, int at, int count) {
    final FloatVector magic = FloatVector.broadcast(S, Elementary.TANH_MAGIC);
    final FloatVector log2eTwice = FloatVector.broadcast(S, Elementary.LOG2E_TWICE);
    final FloatVector minusHalf = FloatVector.broadcast(S, -0.5f);
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector two = FloatVector.broadcast(S, 2f);
    final FloatVector four = FloatVector.broadcast(S, 4f);
    for (int j = at; j < at + count; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, j);
      final IntVector yBits = x.reinterpretAsInts();
      FloatVector yA = yBits.and(0x7fffffff).reinterpretAsFloats();
      yA = yA.blend(FloatVector.broadcast(S, Elementary.TANH_HIGH), yA.compare(VectorOperators.GT, Elementary.TANH_HIGH));
      final FloatVector yM = yA.fma(log2eTwice, minusHalf).add(magic);
      final FloatVector yR = yM.sub(magic).fma(minusHalfLn2, yA);
      final FloatVector yW = yR.mul(yR);
      final FloatVector yQ = yW.fma(t3, t2).fma(yW, t1).fma(yW.mul(yR), yR);
      final FloatVector yS = yM.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      final FloatVector yU = yQ.fma(yS.add(two), yS.sub(two));
      final FloatVector y = yU.div(one.sub(yQ).fma(four, yU)).reinterpretAsInts()
          .or(yBits.and(0x80000000)).reinterpretAsFloats();
      y.intoArray(a, j);
    }
  }

  static void exp(float[] a, int at, int count) {
    final FloatVector magic = FloatVector.broadcast(S, Elementary.MAGIC);
    final FloatVector log2e = FloatVector.broadcast(S, Elementary.LOG2E);
    final FloatVector negLn2High = FloatVector.broadcast(S, -Elementary.LN2_HIGH);
    final FloatVector negLn2Low = FloatVector.broadcast(S, -Elementary.LN2_LOW);
    final FloatVector p6 = FloatVector.broadcast(S, Elementary.E6);
    final FloatVector p5 = FloatVector.broadcast(S, Elementary.E5);
    final FloatVector p4 = FloatVector.broadcast(S, Elementary.E4);
    final FloatVector p3 = FloatVector.broadcast(S, Elementary.E3);
    final FloatVector p2 = FloatVector.broadcast(S, Elementary.E2);
    for (int j = at; j < at + count; j += L) {
      final FloatVector v = FloatVector.fromArray(S, a, j);
      FloatVector x = v.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), v.compare(VectorOperators.LT, Elementary.EXP_LOW));
      x = x.blend(FloatVector.broadcast(S, Elementary.EXP_HIGH), x.compare(VectorOperators.GT, Elementary.EXP_HIGH));
      final FloatVector m = x.fma(log2e, magic);
      final FloatVector n = m.sub(magic);
      final FloatVector r = n.fma(negLn2Low, n.fma(negLn2High, x));
      final FloatVector p = r.fma(p6, p5).fma(r, p4).fma(r, p3).fma(r, p2).fma(r.mul(r), r);
      final IntVector i = m.reinterpretAsInts();
      final IntVector half = i.lanewise(VectorOperators.ASHR, 1).lanewise(VectorOperators.LSHL, 23);
      final FloatVector s1 = half.add(Elementary.ONE_BITS).reinterpretAsFloats();
      final FloatVector s2 = i.lanewise(VectorOperators.LSHL, 23).sub(half).add(Elementary.ONE_BITS).reinterpretAsFloats();
      p.fma(s1, s1).mul(s2).intoArray(a, j);
    }
  }
}
