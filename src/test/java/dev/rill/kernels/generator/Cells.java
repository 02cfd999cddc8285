package dev.rill.kernels.generator;

/** The cells, forward and backward: the equations of the package {@code dev.rill.kernels}, a vector of units at a time. */
final class Cells {
  static final String LSTM = """
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
          constants(sigmoid, tanh);
          for (int row = 0; row < rows; row++) {
            int q = gates.at + row * gates.stride;
            final int cAt = c.at + row * c.stride;
            final int hAt = h.at + row * h.stride;
            for (int j = 0; j < units; j += L, q += 4 * L) {
              final FloatVector zi = FloatVector.fromArray(S, zs, q);
              final FloatVector i = sigmoid(zi);

              final FloatVector zf = FloatVector.fromArray(S, zs, q + L);
              final FloatVector f = sigmoid(zf);

              final FloatVector zg = FloatVector.fromArray(S, zs, q + 2 * L);
              final FloatVector g = tanh(zg);

              f.fma(FloatVector.fromArray(S, cs, cAt + j), i.mul(g)).intoArray(cs, cAt + j);
            }
            // The output gate comes last: nothing but the result waits for it, and the division must not be kept from the others.
            q = gates.at + row * gates.stride + 3 * L;
            for (int j = 0; j < units; j += L, q += 4 * L) {
              final FloatVector zo = FloatVector.fromArray(S, zs, q);
              final FloatVector o = sigmoid(zo);

              final FloatVector cNew = FloatVector.fromArray(S, cs, cAt + j);
              final FloatVector y = tanh(cNew);
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
            final FloatVector e = FloatVector.fromArray(S, dc, dAt + j).add(d.mul(o).mul(tanhDerivative(y)));
            e.mul(g).mul(sigmoidDerivative(i)).intoArray(gates, at + j);
            e.mul(FloatVector.fromArray(S, cOld, cOldAt + j)).mul(sigmoidDerivative(f)).intoArray(gates, at + units + j);
            e.mul(i).mul(tanhDerivative(g)).intoArray(gates, at + 2 * units + j);
            d.mul(y).mul(sigmoidDerivative(o)).intoArray(gates, at + 3 * units + j);
            e.mul(f).intoArray(dc, dAt + j);
            zero.intoArray(dh, dAt + j);
          }
          if (whole < units) {
            ScalarKernels.lstmBackward(whole, units, gates, at, cOld, cOldAt, tanhC, tanhCAt, dh, dc, dAt);
          }
        }
      }
      """;

  private static final String LSTM_STEP = """
      /** {@link Kernels#lstmStep} of a row of one or two panels: sums of a chain each, and gates right behind. */
      final class VectorLstmStep {
        private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
        private static final VectorSpecies<Integer> I = S.withLanes(int.class);
        private static final int L = S.length();

        private VectorLstmStep() {}

        /** See {@link Kernels#lstmStep}: a row of a single panel, whose gates take the sums from registers. */
        static void step(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out) {
          $chains
          integers(sigmoid, tanh);
          final float[] zs = z.data;
          final float[] cs = c.data;
          final int zAt = z.at;
          final int cAt = c.at;
          final FloatVector zi = $si;
          zi.intoArray(zs, zAt);
          final FloatVector i = sigmoid(zi) reloading;

          final FloatVector zf = $sf;
          zf.intoArray(zs, zAt + L);
          final FloatVector f = sigmoid(zf) reloading;

          final FloatVector zg = $sg;
          zg.intoArray(zs, zAt + 2 * L);
          final FloatVector g = tanh(zg) reloading;

          final FloatVector cNew = f.fma(FloatVector.fromArray(S, cs, cAt), i.mul(g));
          cNew.intoArray(cs, cAt);

          final FloatVector zo = $so;
          zo.intoArray(zs, zAt + 3 * L);
          final FloatVector o = sigmoid(zo) reloading;

          final FloatVector y = tanh(cNew) reloading;
          o.mul(y).intoArray(out.data, out.at);
        }

        /**
         * See {@link Kernels#lstmStep}: a row of two panels. The first gate takes its sums from registers, and waits where the result will
         * be; with all of them the method would be too large for the first compiler.
         */
        static void stepOfTwo(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out) {
          $two
          constants(sigmoid);
          final FloatVector i0, i1 = sigmoid(s0, s4);
          i0.intoArray(out.data, out.at);
          i1.intoArray(out.data, out.at + L);
          fromInputGate(zs, zAt, c.data, c.at, out.data, out.at);
        }

        /** The rest of it: what begins at {@code hAt} is the input gate and becomes the hidden state. */
        private static void fromInputGate(float[] zs, int zAt, float[] cs, int cAt, float[] hs, int hAt) {
          constants(sigmoid, tanh);
          final FloatVector zg0 = FloatVector.fromArray(S, zs, zAt + 2 * L);
          final FloatVector zg1 = FloatVector.fromArray(S, zs, zAt + 6 * L);
          final FloatVector g0, g1 = tanh(zg0, zg1);

          final FloatVector zf0 = FloatVector.fromArray(S, zs, zAt + L);
          final FloatVector zf1 = FloatVector.fromArray(S, zs, zAt + 5 * L);
          final FloatVector f0, f1 = sigmoid(zf0, zf1);

          final FloatVector c0 = f0.fma(FloatVector.fromArray(S, cs, cAt), FloatVector.fromArray(S, hs, hAt).mul(g0));
          final FloatVector c1 = f1.fma(FloatVector.fromArray(S, cs, cAt + L), FloatVector.fromArray(S, hs, hAt + L).mul(g1));
          c0.intoArray(cs, cAt);
          c1.intoArray(cs, cAt + L);

          final FloatVector zo0 = FloatVector.fromArray(S, zs, zAt + 3 * L);
          final FloatVector zo1 = FloatVector.fromArray(S, zs, zAt + 7 * L);
          final FloatVector o0, o1 = sigmoid(zo0, zo1);

          final FloatVector y0, y1 = tanh(c0, c1);
          o0.mul(y0).intoArray(hs, hAt);
          o1.mul(y1).intoArray(hs, hAt + L);
        }
      }
      """;

  static final String GRU = """
      /** {@link Kernels#gruForward}, a vector of units at a time. */
      final class VectorGru {
        private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
        private static final VectorSpecies<Integer> I = S.withLanes(int.class);
        private static final int L = S.length();

        private VectorGru() {}

        /** See {@link Kernels#gruForward}. */
        static void forward(int units, int rows, Rows gates, Rows hOld, Rows h) {
          final float[] zs = gates.data;
          final float[] olds = hOld.data;
          final float[] hs = h.data;
          constants(sigmoid, tanh);
          for (int row = 0; row < rows; row++) {
            int q = gates.at + row * gates.stride;
            final int oldAt = hOld.at + row * hOld.stride;
            final int hAt = h.at + row * h.stride;
            for (int j = 0; j < units; j += L, q += 4 * L) {
              final FloatVector zz = FloatVector.fromArray(S, zs, q + L);
              final FloatVector z = sigmoid(zz);

              final FloatVector zr = FloatVector.fromArray(S, zs, q + 2 * L);
              final FloatVector r = sigmoid(zr);

              final FloatVector zn = r.fma(FloatVector.fromArray(S, zs, q + 3 * L), FloatVector.fromArray(S, zs, q));
              final FloatVector n = tanh(zn);

              z.fma(FloatVector.fromArray(S, olds, oldAt + j), one.sub(z).mul(n)).intoArray(hs, hAt + j);
            }
          }
        }
      }
      """;

  private static final String GRU_STEP = """
      /** {@link Kernels#gruStep} of a row of one or two panels: sums of a chain each, and gates right behind. */
      final class VectorGruStep {
        private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
        private static final VectorSpecies<Integer> I = S.withLanes(int.class);
        private static final int L = S.length();

        private VectorGruStep() {}

        /** See {@link Kernels#gruStep}: a row of a single panel, whose gates take the sums from registers. */
        static void step(PackedWeights w, Rows x, Rows h, Rows z, Rows out) {
          $chains
          integers(sigmoid, tanh);
          final float[] zs = z.data;
          final int zAt = z.at;
          final FloatVector zz = $sz;
          zz.intoArray(zs, zAt + L);
          final FloatVector update = sigmoid(zz) reloading;

          final FloatVector zr = $sr;
          zr.intoArray(zs, zAt + 2 * L);
          final FloatVector r = sigmoid(zr) reloading;

          final FloatVector nx = $snx;
          nx.intoArray(zs, zAt);
          final FloatVector nh = $snh;
          nh.intoArray(zs, zAt + 3 * L);
          final FloatVector zn = r.fma(nh, nx);
          final FloatVector n = tanh(zn) reloading;

          update.fma(FloatVector.fromArray(S, hs, hAt), FloatVector.broadcast(S, 1f).sub(update).mul(n)).intoArray(out.data, out.at);
        }

        /** See {@link Kernels#gruStep}: a row of two panels, likewise. */
        static void stepOfTwo(PackedWeights w, Rows x, Rows h, Rows z, Rows out) {
          $two
          constants(sigmoid, tanh);
          final FloatVector z0, z1 = sigmoid(s1, s5);

          final FloatVector r0, r1 = sigmoid(s2, s6);

          final FloatVector zn0 = r0.fma(s3, s0);
          final FloatVector zn1 = r1.fma(s7, s4);
          final FloatVector n0, n1 = tanh(zn0, zn1);

          final float[] outs = out.data;
          final int outAt = out.at;
          z0.fma(FloatVector.fromArray(S, hs, hAt), one.sub(z0).mul(n0)).intoArray(outs, outAt);
          z1.fma(FloatVector.fromArray(S, hs, hAt + L), one.sub(z1).mul(n1)).intoArray(outs, outAt + L);
        }
      }
      """;

  private Cells() {}

  static String lstmStep() {
    return new Template(LSTM_STEP).value("chains", OneRow.chains(Tile.PANEL)).value("si", OneRow.sum(Tile.PANEL, 0))
        .value("sf", OneRow.sum(Tile.PANEL, 1)).value("sg", OneRow.sum(Tile.PANEL, 2)).value("so", OneRow.sum(Tile.PANEL, 3))
        .value("two", OneRow.two(Tile.PANEL)).fill();
  }

  static String gruStep() {
    return new Template(GRU_STEP).value("chains", OneRow.chains(Tile.GRU_ROW)).value("snx", OneRow.sum(Tile.GRU_ROW, 0))
        .value("sz", OneRow.sum(Tile.GRU_ROW, 1)).value("sr", OneRow.sum(Tile.GRU_ROW, 2)).value("snh", OneRow.sum(Tile.GRU_ROW, 3))
        .value("two", OneRow.two(Tile.GRU_ROW)).fill();
  }
}
