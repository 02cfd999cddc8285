// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sigmoid, tanh and exp over arrays: the operations of {@link Elementary}, a lane for an element.
 *
 * <p>Sigmoid and tanh take two vectors in turn, as one is a chain so long that a processor's scheduler is full of waiting
 * operations before it finds others that could run. Where one is left over, it is both.
 */
final class VectorElementary {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final VectorSpecies<Integer> I = S.withLanes(int.class);
  private static final int L = S.length();

  /** What steps of one row read again for each gate, as their registers hold the sums. */
  static final float[] CONSTANTS = {
      Elementary.SIGMOID_MAGIC,
      -Elementary.LOG2E,
      Elementary.LN2_HIGH,
      Elementary.LN2_LOW,
      -Elementary.E6,
      Elementary.E5,
      -Elementary.E4,
      Elementary.E3,
      -Elementary.E2,
      Elementary.TINY,
      Elementary.TANH_MAGIC,
      Elementary.LOG2E_TWICE,
      -Elementary.HALF_LN2,
      Elementary.T1,
      Elementary.T2,
      Elementary.T3,
      1f,
      0.5f
  };

  private VectorElementary() {}

  static void sigmoid(float[] a, int at, int count) {
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
    final int last = at + (count - 1 & -L);
    for (int j = at; j < at + count; j += 2 * L) {
      final int k = Math.min(j + L, last);
      final FloatVector x = FloatVector.fromArray(S, a, j);
      final FloatVector w = FloatVector.fromArray(S, a, k);
      final IntVector yB = x.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
      final IntVector zB = w.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
      final FloatVector yX = yB.sub(nanFirst).reinterpretAsFloats();
      final FloatVector zX = zB.sub(nanFirst).reinterpretAsFloats();
      final IntVector yM = yX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
      final IntVector zM = zX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
      final FloatVector yN = yM.reinterpretAsFloats().sub(sigmoidMagic);
      final FloatVector zN = zM.reinterpretAsFloats().sub(sigmoidMagic);
      final FloatVector yR = yN.fma(ln2Low, yN.fma(ln2High, yX));
      final FloatVector zR = zN.fma(ln2Low, zN.fma(ln2High, zX));
      final FloatVector yW = yR.mul(yR);
      final FloatVector zW = zR.mul(zR);
      final FloatVector yV = yW.fma(n6, yR.fma(p5, n4));
      final FloatVector zV = zW.fma(n6, zR.fma(p5, n4));
      final FloatVector yP = yV.fma(yW, yR.fma(p3, n2)).fma(yW, yR);
      final FloatVector zP = zV.fma(zW, zR.fma(p3, n2)).fma(zW, zR);
      final FloatVector yS = yM.lanewise(LSHL, 23).reinterpretAsFloats();
      final FloatVector zS = zM.lanewise(LSHL, 23).reinterpretAsFloats();
      final FloatVector yT = tiny.sub(yS);
      final FloatVector zT = tiny.sub(zS);
      final FloatVector y = tiny.div(yP.fma(yS, tiny.sub(yT.add(yS))).add(yT));
      final FloatVector z = tiny.div(zP.fma(zS, tiny.sub(zT.add(zS))).add(zT));
      y.intoArray(a, j);
      z.intoArray(a, k);
    }
  }

  static void tanh(float[] a, int at, int count) {
    final FloatVector tanhMagic = FloatVector.broadcast(S, Elementary.TANH_MAGIC);
    final FloatVector log2eTwice = FloatVector.broadcast(S, Elementary.LOG2E_TWICE);
    final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
    final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
    final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
    final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
    final FloatVector one = FloatVector.broadcast(S, 1f);
    final FloatVector half = FloatVector.broadcast(S, 0.5f);
    final IntVector nanFirst = IntVector.broadcast(I, Elementary.NAN_FIRST);
    final IntVector tanhClamp = IntVector.broadcast(I, Elementary.TANH_CLAMP);
    final IntVector magnitude = IntVector.broadcast(I, 0x7fffffff);
    final IntVector wholes = IntVector.broadcast(I, -(1 << Elementary.FRACTION_BITS));
    final IntVector sign = IntVector.broadcast(I, 0x80000000);
    final int last = at + (count - 1 & -L);
    for (int j = at; j < at + count; j += 2 * L) {
      final int k = Math.min(j + L, last);
      final FloatVector x = FloatVector.fromArray(S, a, j);
      final FloatVector w = FloatVector.fromArray(S, a, k);
      final IntVector yBits = x.reinterpretAsInts();
      final IntVector zBits = w.reinterpretAsInts();
      final IntVector yB = yBits.and(magnitude).add(nanFirst).min(tanhClamp);
      final IntVector zB = zBits.and(magnitude).add(nanFirst).min(tanhClamp);
      final FloatVector yA = yB.sub(nanFirst).reinterpretAsFloats();
      final FloatVector zA = zB.sub(nanFirst).reinterpretAsFloats();
      final IntVector yM = yA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
      final IntVector zM = zA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
      final FloatVector yR = yM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, yA);
      final FloatVector zR = zM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, zA);
      final FloatVector yW = yR.mul(yR);
      final FloatVector zW = zR.mul(zR);
      final FloatVector yQ = yW.fma(t3, t2).fma(yW, t1).fma(yW.mul(yR), yR);
      final FloatVector zQ = zW.fma(t3, t2).fma(zW, t1).fma(zW.mul(zR), zR);
      final FloatVector yS = yM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
      final FloatVector zS = zM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
      final FloatVector yU = yQ.fma(yS.add(half), yS.sub(half));
      final FloatVector zU = zQ.fma(zS.add(half), zS.sub(half));
      final FloatVector y = yU.div(yU.add(one.sub(yQ))).reinterpretAsInts().or(yBits.and(sign)).reinterpretAsFloats();
      final FloatVector z = zU.div(zU.add(one.sub(zQ))).reinterpretAsInts().or(zBits.and(sign)).reinterpretAsFloats();
      y.intoArray(a, j);
      z.intoArray(a, k);
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
      FloatVector x = v.blend(FloatVector.broadcast(S, Elementary.EXP_LOW), v.compare(LT, Elementary.EXP_LOW));
      x = x.blend(FloatVector.broadcast(S, Elementary.EXP_HIGH), x.compare(GT, Elementary.EXP_HIGH));
      final FloatVector m = x.fma(log2e, magic);
      final FloatVector n = m.sub(magic);
      final FloatVector r = n.fma(negLn2Low, n.fma(negLn2High, x));
      final FloatVector p = r.fma(p6, p5).fma(r, p4).fma(r, p3).fma(r, p2).fma(r.mul(r), r);
      final IntVector i = m.reinterpretAsInts();
      final IntVector half = i.lanewise(ASHR, 1).lanewise(LSHL, 23);
      final FloatVector s1 = half.add(Elementary.ONE_BITS).reinterpretAsFloats();
      final FloatVector s2 = i.lanewise(LSHL, 23).sub(half).add(Elementary.ONE_BITS).reinterpretAsFloats();
      p.fma(s1, s1).mul(s2).intoArray(a, j);
    }
  }
}
