// Written by dev.rill.kernels.generator.KernelSources, which lies beside the tests: change that.
package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Pairwise} by whole vectors, and what is left over one by one: stretches lie side by side, and nothing behind one
 * may change. Not left to the compiler: that of JDK 17 takes three stretches of unknown places for ones that overlap.
 */
final class VectorPairwise {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();

  private VectorPairwise() {}

  /** See {@link Kernels#pairwise}. */
  static void apply(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    final int whole = n & -L;
    switch (what) {
      case TIMES -> times(whole, a, aAt, b, bAt, to, toAt);
      case PLUS -> plus(whole, a, aAt, b, bAt, to, toAt);
      case MINUS -> minus(whole, a, aAt, b, bAt, to, toAt);
      case PLUS_TIMES -> plusTimes(whole, a, aAt, b, bAt, to, toAt);
      case COMPLEMENT_TIMES -> complementTimes(whole, a, aAt, b, bAt, to, toAt);
      case SIGMOID_GRADIENT -> sigmoidGradient(whole, a, aAt, b, bAt, to, toAt);
      case TANH_GRADIENT -> tanhGradient(whole, a, aAt, b, bAt, to, toAt);
      default -> throw new IllegalStateException(what.name());
    }
    if (whole < n) {
      what.apply(whole, n, a, aAt, b, bAt, to, toAt);
    }
  }

  private static void times(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      x.mul(y).intoArray(to, toAt + j);
    }
  }

  private static void plus(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      x.add(y).intoArray(to, toAt + j);
    }
  }

  private static void minus(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      x.sub(y).intoArray(to, toAt + j);
    }
  }

  private static void plusTimes(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      x.fma(y, FloatVector.fromArray(S, to, toAt + j)).intoArray(to, toAt + j);
    }
  }

  private static void complementTimes(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    final FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      one.sub(x).mul(y).intoArray(to, toAt + j);
    }
  }

  private static void sigmoidGradient(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    final FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      x.mul(y.mul(one.sub(y))).intoArray(to, toAt + j);
    }
  }

  private static void tanhGradient(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    final FloatVector one = FloatVector.broadcast(S, 1f);
    for (int j = 0; j < n; j += L) {
      final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
      final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
      x.mul(y.neg().fma(y, one)).intoArray(to, toAt + j);
    }
  }
}
