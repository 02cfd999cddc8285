package dev.rill.kernels;

import static dev.rill.kernels.KernelSets.SCALAR;
import static dev.rill.kernels.KernelSets.VECTOR;
import static dev.rill.kernels.KernelSets.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scalar and SIMD kernels give the same bits: gates and their gradients, and functions of one element. Products: {@link MatmulTest}. */
class KernelParityTest {
  @BeforeAll
  static void bothSetsOfKernelsAreHere() {
    assumeTrue(VECTOR != null, "no SIMD in this JVM: " + KernelChoice.describe());
  }

  /** Ordinary, saturating and special pre-activations. */
  private static float[] mixed(long seed, int n) {
    float[] a = Samples.withSpecials(seed, n, 9);
    Random random = new Random(seed);
    for (int i = 0; i < n; i++) {
      a[i] *= random.nextInt(5) == 0 ? 60 : 2;
    }
    return a;
  }

  @Test
  void lstmGates() {
    for (int i = 0; i < 90; i++) {
      int units = 1 + i % 67;
      int rowCount = 1 + i % 9;
      int stride = KernelChoice.padded(units);
      float[] z = mixed(i, rowCount * 4 * stride);
      float[][] c = {mixed(i + 1000, rowCount * stride), mixed(i + 1000, rowCount * stride)};
      float[][] h = {new float[rowCount * stride], new float[rowCount * stride]};
      SCALAR.lstmForward(units, rowCount, rows(z, 0, 4 * stride), rows(c[0], 0, stride), rows(h[0], 0, stride));
      VECTOR.lstmForward(units, rowCount, rows(z, 0, 4 * stride), rows(c[1], 0, stride), rows(h[1], 0, stride));
      for (int row = 0; row < rowCount; row++) {
        Samples.assertBits(c[0], row * stride, c[1], row * stride, units, "cell of " + units + " units, row " + row);
        Samples.assertBits(h[0], row * stride, h[1], row * stride, units, "output of " + units + " units, row " + row);
      }
    }
  }

  /** One panel, two and more, one chain and more; with inputs and with what they come to. */
  @Test
  void aStepIsItsProductAndThenItsGates() {
    int lanes = KernelChoice.lanes();
    for (int inputs : new int[] {0, 1, 3, lanes - 1, lanes, lanes + 1, Kernels.CHAIN, Kernels.CHAIN + 1}) {
      for (int units : new int[] {1, 3, lanes - 1, lanes, lanes + 1, 2 * lanes, 2 * lanes + 1, Kernels.CHAIN + 1}) {
        for (int rowCount : new int[] {1, 3}) {
          float[] lstm = mixed(inputs, 4 * units * (inputs + units + 1));
          float[] gru = mixed(inputs, 3 * units * (inputs + units + 2));
          for (boolean first : new boolean[] {true, false}) {
            String what = inputs + " inputs, " + units + " units, " + rowCount + " rows, x " + first;
            assertStep(PackedWeights.lstm(WeightFormat.FLOAT32, units, inputs, lstm, 0, 4 * units * inputs,
                4 * units * (inputs + units)), true, units, rowCount, inputs, first, "LSTM, " + what);
            assertStep(PackedWeights.gru(WeightFormat.FLOAT32, units, inputs, gru, 0, 3 * units * inputs,
                3 * units * (inputs + units)), false, units, rowCount, inputs, first, "GRU, " + what);
          }
        }
      }
    }
  }

  private static void assertStep(PackedWeights w, boolean lstm, int units, int rowCount, int inputs, boolean first, String what) {
    int stride = KernelChoice.padded(units);
    int columns = w.outputLength();
    float[] x = mixed(1, rowCount * inputs);
    float[][] h = new float[4][];
    float[][] c = new float[4][];
    float[][] z = new float[4][];
    for (int i = 0; i < 4; i++) {
      h[i] = mixed(2, rowCount * stride);
      c[i] = mixed(3, rowCount * stride);
      z[i] = mixed(4, rowCount * columns);
      Kernels k = i == 0 ? SCALAR : VECTOR;
      Rows xs = first ? rows(x, 0, inputs) : null;
      Rows hs = rows(h[i], 0, stride);
      Rows zs = rows(z[i], 0, columns);
      // The last way leaves the old state alone.
      h[i] = i < 3 ? h[i] : new float[rowCount * stride];
      Rows out = rows(h[i], 0, stride);
      if (i < 2) {
        k.matmul(w, rowCount, first ? null : zs, xs, hs, zs);
        if (lstm) {
          k.lstmForward(units, rowCount, zs, rows(c[i], 0, stride), out);
        } else {
          k.gruForward(units, rowCount, zs, hs, out);
        }
      } else if (lstm) {
        k.lstmStep(w, units, rowCount, xs, hs, rows(c[i], 0, stride), zs, out);
      } else {
        k.gruStep(w, units, rowCount, xs, hs, zs, out);
      }
    }
    for (int i = 1; i < 4; i++) {
      for (int row = 0; row < rowCount; row++) {
        Samples.assertBits(h[0], row * stride, h[i], row * stride, units, "h of " + what + ", way " + i);
        Samples.assertBits(c[0], row * stride, c[i], row * stride, units, "c of " + what + ", way " + i);
      }
      Samples.assertBits(z[0], z[i], "pre-activations of " + what + ", way " + i);
    }
  }

  /** A chain of no inputs is no chain: adding its +0 would make +0 of a sum of -0. */
  @Test
  void noInputsLeaveASumOfMinusZero() {
    for (int units : new int[] {3, KernelChoice.lanes() + 1, 2 * KernelChoice.lanes() + 1}) {
      float[] weights = new float[4 * units * (units + 1)];
      Arrays.fill(weights, 0, 4 * units * units, -1e-30f);
      Arrays.fill(weights, 4 * units * units, weights.length, -0f);
      PackedWeights w = PackedWeights.lstm(WeightFormat.FLOAT32, units, 0, weights, 0, 0, 4 * units * units);
      int stride = KernelChoice.padded(units);
      for (Kernels k : new Kernels[] {SCALAR, VECTOR}) {
        float[] h = new float[stride];
        Arrays.fill(h, 1e-30f);
        float[] z = new float[w.outputLength()];
        k.lstmStep(w, units, 1, rows(new float[0], 0, 0), rows(h, 0, stride), rows(new float[stride], 0, stride),
            rows(z, 0, z.length), rows(new float[stride], 0, stride));
        assertEquals(Float.floatToIntBits(-0f), Float.floatToIntBits(z[0]), units + " units, " + k.getClass().getSimpleName());
      }
    }
  }

  @Test
  void stretchesSideBySideAndInPlace() {
    for (Pairwise what : Pairwise.values()) {
      for (int n = 0; n < 70; n++) {
        float[] a = mixed(n, 3 * n + 2);
        float[] expected = mixed(n + 1000, 3 * n + 2);
        float[] actual = expected.clone();
        // The middle third of one array, with the stretches around it as operands or left alone.
        SCALAR.pairwise(what, n, a, 1, expected, 2 * n + 1, expected, n + 1);
        VECTOR.pairwise(what, n, a, 1, actual, 2 * n + 1, actual, n + 1);
        Samples.assertBits(expected, actual, what + " of " + n);
        SCALAR.pairwise(what, n, expected, n + 1, a, n + 1, expected, n + 1);
        VECTOR.pairwise(what, n, actual, n + 1, a, n + 1, actual, n + 1);
        Samples.assertBits(expected, actual, what + " of " + n + " in place");
      }
    }
  }

  @Test
  void gradientsOfAnLstmStep() {
    for (int n = 1; n < 70; n++) {
      // Gates, cell state before, tanh of that after and gradient lie side by side: nothing behind a stretch may change.
      float[] expected = mixed(n, 7 * n + 20);
      float[] expectedCell = mixed(n + 1000, 7 * n + 20);
      float[][] a = {expected.clone(), expected.clone()};
      float[][] dc = {expectedCell.clone(), expectedCell.clone()};
      stepByStep(n, expected, expectedCell);
      for (int i = 0; i < 2; i++) {
        (i == 0 ? SCALAR : VECTOR).lstmBackward(n, a[i], 1, a[i], 1 + 4 * n, a[i], 1 + 5 * n, a[i], dc[i], 1 + 6 * n);
        Samples.assertBits(expected, a[i], n + " units, kernels " + i);
        Samples.assertBits(expectedCell, dc[i], "cell of " + n + " units, kernels " + i);
      }
    }
  }

  /** The equations one by one, as for gates of other functions. */
  private static void stepByStep(int n, float[] a, float[] dc) {
    int i = 1;
    int f = i + n;
    int g = f + n;
    int o = g + n;
    int old = o + n;
    int out = old + n;
    int dh = out + n;
    float[] d = new float[5 * n];
    SCALAR.pairwise(Pairwise.TIMES, n, a, dh, a, o, d, 4 * n);
    SCALAR.pairwise(Pairwise.TANH_GRADIENT, n, d, 4 * n, a, out, d, 4 * n);
    SCALAR.pairwise(Pairwise.PLUS, n, dc, dh, d, 4 * n, dc, dh);
    SCALAR.pairwise(Pairwise.TIMES, n, dc, dh, a, g, d, 0);
    SCALAR.pairwise(Pairwise.TIMES, n, dc, dh, a, old, d, n);
    SCALAR.pairwise(Pairwise.TIMES, n, dc, dh, a, i, d, 2 * n);
    SCALAR.pairwise(Pairwise.TIMES, n, a, dh, a, out, d, 3 * n);
    SCALAR.pairwise(Pairwise.TIMES, n, dc, dh, a, f, dc, dh);
    SCALAR.pairwise(Pairwise.SIGMOID_GRADIENT, n, d, 0, a, i, a, i);
    SCALAR.pairwise(Pairwise.SIGMOID_GRADIENT, n, d, n, a, f, a, f);
    SCALAR.pairwise(Pairwise.TANH_GRADIENT, n, d, 2 * n, a, g, a, g);
    SCALAR.pairwise(Pairwise.SIGMOID_GRADIENT, n, d, 3 * n, a, o, a, o);
    Arrays.fill(a, dh, dh + n, 0);
  }

  @Test
  void gruGatesIntoAnotherArrayAndInPlace() {
    for (int i = 0; i < 90; i++) {
      int units = 1 + i % 67;
      int rowCount = 1 + i % 9;
      int stride = KernelChoice.padded(units);
      float[] z = mixed(i, rowCount * 4 * stride);
      float[] old = mixed(i + 1000, rowCount * stride);
      float[] expected = new float[rowCount * stride];
      SCALAR.gruForward(units, rowCount, rows(z, 0, 4 * stride), rows(old, 0, stride), rows(expected, 0, stride));
      float[] actual = new float[rowCount * stride];
      VECTOR.gruForward(units, rowCount, rows(z, 0, 4 * stride), rows(old, 0, stride), rows(actual, 0, stride));
      float[] inPlace = old.clone();
      VECTOR.gruForward(units, rowCount, rows(z, 0, 4 * stride), rows(inPlace, 0, stride), rows(inPlace, 0, stride));
      float[] scalarInPlace = old.clone();
      SCALAR.gruForward(units, rowCount, rows(z, 0, 4 * stride), rows(scalarInPlace, 0, stride),
          rows(scalarInPlace, 0, stride));
      for (int row = 0; row < rowCount; row++) {
        Samples.assertBits(expected, row * stride, actual, row * stride, units, units + " units, row " + row);
        Samples.assertBits(expected, row * stride, inPlace, row * stride, units, units + " units in place, row " + row);
        Samples.assertBits(expected, row * stride, scalarInPlace, row * stride, units, "scalar in place, row " + row);
      }
    }
  }

  @Test
  void everyFunctionAtEveryLength() {
    for (Function f : Function.values()) {
      for (int n = 1; n < 40; n++) {
        float[] expected = f.rowWise() && n % 2 == 0 ? Samples.floats(n, n + KernelChoice.PADDING, 50)
            : mixed(n, n + KernelChoice.PADDING);
        float[] actual = expected.clone();
        f.apply(SCALAR, expected, 0, n);
        f.apply(VECTOR, actual, 0, n);
        Samples.assertBits(expected, 0, actual, 0, n, f + " of " + n);
      }
    }
  }

  /** The parts of a row lie one behind the other, and so do rows. */
  @Test
  void softmaxOfALossLeavesWhatLiesBehindItAlone() {
    for (int n = 1; n < 40; n++) {
      float[] z = Samples.floats(n, n, 50);
      float max = SmoothFunctions.max(z, 0, n);
      float[] expected = new float[n + KernelChoice.PADDING];
      Arrays.fill(expected, 7);
      float[] actual = expected.clone();
      float[] sums = {SmoothFunctions.logSumExp(SCALAR, z, 0, n, max, expected, 0)};
      Samples.assertBits(sums, new float[] {SmoothFunctions.logSumExp(VECTOR, z, 0, n, max, actual, 0)}, "logarithm of " + n);
      Samples.assertBits(expected, actual, "softmax of " + n);
    }
  }

  /** A prime stride over all floats: sigmoid, tanh and exp bit by bit. */
  @Test
  void hotFunctionsAllOverTheFloats() {
    int block = 1 << 12;
    float[] expected = new float[block + KernelChoice.PADDING];
    int bits = 0;
    for (int round = 0; round < 60; round++) {
      for (int i = 0; i < block; i++, bits += 16411) {
        expected[i] = Float.intBitsToFloat(bits);
      }
      for (Function f : new Function[] {Function.SIGMOID, Function.TANH, Function.EXPONENTIAL}) {
        float[] a = expected.clone();
        float[] b = expected.clone();
        f.apply(SCALAR, a, 0, block);
        f.apply(VECTOR, b, 0, block);
        Samples.assertBits(a, 0, b, 0, block, f.toString());
      }
    }
  }
}
