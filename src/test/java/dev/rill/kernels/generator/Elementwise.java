package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;

import java.util.Map;

/** What is done element by element, over stretches of arrays. */
final class Elementwise {
  static final String ELEMENTARY = """
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
        memory();

        private VectorElementary() {}

        static void sigmoid(float[] a, int at, int count) {
          constants(sigmoid);
          final int last = at + (count - 1 & -L);
          for (int j = at; j < at + count; j += 2 * L) {
            final int k = Math.min(j + L, last);
            final FloatVector x = FloatVector.fromArray(S, a, j);
            final FloatVector w = FloatVector.fromArray(S, a, k);
            final FloatVector y, z = sigmoid(x, w);
            y.intoArray(a, j);
            z.intoArray(a, k);
          }
        }

        static void tanh(float[] a, int at, int count) {
          constants(tanh);
          final int last = at + (count - 1 & -L);
          for (int j = at; j < at + count; j += 2 * L) {
            final int k = Math.min(j + L, last);
            final FloatVector x = FloatVector.fromArray(S, a, j);
            final FloatVector w = FloatVector.fromArray(S, a, k);
            final FloatVector y, z = tanh(x, w);
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
      """;

  /** Each of {@code dev.rill.kernels.Pairwise}: its method, and its result of x in a and y in b. */
  private static final String[][] PAIRWISE = {
    {"TIMES", "times", "x.mul(y)"},
    {"PLUS", "plus", "x.add(y)"},
    {"MINUS", "minus", "x.sub(y)"},
    {"PLUS_TIMES", "plusTimes", "x.fma(y, FloatVector.fromArray(S, to, toAt + j))"},
    {"COMPLEMENT_TIMES", "complementTimes", "one.sub(x).mul(y)"},
    {"SIGMOID_GRADIENT", "sigmoidGradient", "x.mul(sigmoidDerivative(y))"},
    {"TANH_GRADIENT", "tanhGradient", "x.mul(tanhDerivative(y))"},
  };

  private static final String PAIRWISE_TEXT = """
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
            @operation
              case $name -> $method(whole, a, aAt, b, bAt, to, toAt);
            default -> throw new IllegalStateException(what.name());
          }
          if (whole < n) {
            what.apply(whole, n, a, aAt, b, bAt, to, toAt);
          }
        }
        @operation

          private static void $method(int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
            $one
            for (int j = 0; j < n; j += L) {
              final FloatVector x = FloatVector.fromArray(S, a, aAt + j);
              final FloatVector y = FloatVector.fromArray(S, b, bAt + j);
              $result.intoArray(to, toAt + j);
            }
          }
      }
      """;

  private Elementwise() {}

  static String pairwise() {
    String one = "final FloatVector one = FloatVector.broadcast(S, 1f);";
    return new Template(PAIRWISE_TEXT).list("operation", items(PAIRWISE.length, i -> Map.of("name", PAIRWISE[i][0], "method",
        PAIRWISE[i][1], "result", PAIRWISE[i][2], "one", PAIRWISE[i][2].matches(".*(one|Derivative).*") ? one : ""))).fill();
  }
}
