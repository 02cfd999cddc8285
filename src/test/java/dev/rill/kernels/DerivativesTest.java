package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Derivatives against differences of the functions in double precision and, at kinks, against TensorFlow's choices. */
class DerivativesTest {
  /** Points where no function has a kink; {@link #H} around them there is none either. */
  private static final float[] ORDINARY = {
    -40, -12.5f, -8, -5, -3.25f, -2.75f, -2, -1.5f, -0.9f, -0.6f, -0.4f, -0.1f, -0.01f, 0.01f, 0.1f, 0.3f, 0.45f, 0.7f, 0.95f,
    1.2f, 1.9f, 2.6f, 3.5f, 4.7f, 5.9f, 6.2f, 9, 14, 40
  };
  private static final double H = 1e-3;

  /** Pairs of an input and tf.GradientTape's derivative there: TensorFlow 2.21, Keras 3.15.1, eager and graph alike. */
  private static final Map<Function, float[]> AT_KINKS = new EnumMap<>(Map.ofEntries(
      Map.entry(Function.RELU, new float[] {-0f, 0, 0, 0}),
      Map.entry(Function.LEAKY_RELU, new float[] {-0f, 0.2f, 0, 0.2f, Float.NEGATIVE_INFINITY, 0.2f}),
      Map.entry(Function.RELU6, new float[] {-0f, 0, 0, 0, 6, 0}),
      Map.entry(Function.ELU, new float[] {-0f, 1, 0, 1}),
      Map.entry(Function.SELU, new float[] {-0f, 1.050701f, 0, 1.050701f}),
      Map.entry(Function.CELU, new float[] {-0f, 2, 0, 2}),
      Map.entry(Function.SOFT_SHRINK, new float[] {-0.5f, 0, 0.5f, 0}),
      Map.entry(Function.HARD_SHRINK, new float[] {-0.5f, 0, 0.5f, 0}),
      Map.entry(Function.SPARSE_PLUS, new float[] {-1, 0, 1, 1}),
      Map.entry(Function.SPARSE_SIGMOID, new float[] {-1, 0, 1, 0}),
      Map.entry(Function.KERAS2_HARD_SIGMOID, new float[] {-2.5f, 0.2f, 2.5f, 0.2f, -2.6f, 0, 2.6f, 0}),
      Map.entry(Function.HARD_SIGMOID, new float[] {-3, 0, 3, 0}),
      Map.entry(Function.HARD_SILU, new float[] {-3, 0, 3, 1}),
      Map.entry(Function.HARD_TANH, new float[] {-1, 1, 1, 1}),
      Map.entry(Function.SOFTSIGN, new float[] {0, 1}),
      Map.entry(Function.MISH, new float[] {0, 0.59999996f}),
      Map.entry(Function.GELU, new float[] {0, 0.5f})));

  /** The derivative at some inputs, each times its factor; what the function does not need is not there. */
  private static float[] gradient(Function f, float[] x, float[] factors) {
    int at = 3;
    int gAt = 5;
    float[] before = new float[at + x.length + KernelChoice.PADDING];
    System.arraycopy(x, 0, before, at, x.length);
    float[] y = before.clone();
    f.apply(KernelChoice.current(), y, at, x.length);
    float[] g = new float[gAt + x.length + 4];
    Arrays.fill(g, 7);
    System.arraycopy(factors, 0, g, gAt, x.length);
    Derivatives.apply(KernelChoice.current(), f, f.needsInput() ? before : null, y, at, g, gAt, x.length);
    for (int i = 0; i < g.length; i++) {
      assertTrue(i >= gAt && i < gAt + x.length || g[i] == 7, f + " wrote outside its stretch, at " + (i - gAt));
    }
    return Arrays.copyOfRange(g, gAt, gAt + x.length);
  }

  private static float at(Function f, float x) {
    return gradient(f, new float[] {x}, new float[] {1})[0];
  }

  private static double difference(Function f, double x) {
    double near = Reference.of(f, x + H / 2) - Reference.of(f, x - H / 2);
    double far = Reference.of(f, x + H) - Reference.of(f, x - H);
    return (8 * near - far) / (6 * H);
  }

  @Test
  void derivativesAreThoseOfDifferences() {
    float[] factors = Samples.floats(1, ORDINARY.length, 3);
    for (Function f : Function.values()) {
      if (f.rowWise()) {
        continue;
      }
      float[] g = gradient(f, ORDINARY, factors);
      for (int i = 0; i < g.length; i++) {
        double expected = difference(f, ORDINARY[i]) * factors[i];
        assertEquals(expected, g[i], 1e-6 + 1e-6 * Math.abs(expected), f + " at " + ORDINARY[i]);
      }
    }
  }

  @Test
  void kinksAreTensorFlows() {
    AT_KINKS.forEach((f, pairs) -> {
      for (int i = 0; i < pairs.length; i += 2) {
        assertEquals(pairs[i + 1], at(f, pairs[i]), 1e-7f, f + " at " + pairs[i]);
      }
    });
  }

  @Test
  void lowerTailOfSquareplusKeepsItsDigits() {
    // TensorFlow's 9.9957e-5 at -100 has lost half of them.
    assertEquals(9.9970010e-5, at(Function.SQUAREPLUS, -100), 1e-10);
    assertEquals(1, at(Function.SQUAREPLUS, 1e30f));
    assertEquals(0, at(Function.SQUAREPLUS, -1e30f));
  }

  @Test
  void hugeInputsGiveNumbers() {
    for (Function f : Function.values()) {
      for (float x : new float[] {1e20f, -1e20f, 3e38f, -3e38f}) {
        float g = at(f, x);
        boolean overflows = f == Function.EXPONENTIAL && x > 0;
        assertTrue(overflows ? g == Float.POSITIVE_INFINITY : Math.abs(g) <= 1.1f, f + " at " + x + ": " + g);
      }
    }
  }

  /** Keras loses NaN in some of these; an error that spreads is found sooner. */
  @Test
  void nanGivesNanInEveryFunction() {
    for (Function f : Function.values()) {
      // The derivative of the identity does not depend on its input.
      if (f != Function.LINEAR) {
        float[] g = gradient(f, new float[] {0.25f, Float.NaN, 0.5f}, new float[] {1, 1, 1});
        assertTrue(Float.isNaN(g[1]), f.toString());
        assertEquals(f.rowWise(), Float.isNaN(g[0]), f.toString());
      }
    }
  }

  private static double rowWise(Function f, float[] x, float[] factors, int moved, double by) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += StrictMath.exp(x[j] + (j == moved ? by : 0));
    }
    double value = 0;
    for (int j = 0; j < x.length; j++) {
      double z = x[j] + (j == moved ? by : 0);
      value += factors[j] * (f == Function.SOFTMAX ? StrictMath.exp(z) / sum : z - StrictMath.log(sum));
    }
    return value;
  }

  @Test
  void rowWiseFunctionsMultiplyByTheirJacobian() {
    for (Function f : new Function[] {Function.SOFTMAX, Function.LOG_SOFTMAX}) {
      for (int n = 1; n < 70; n += 3) {
        float[] x = Samples.floats(n, n, 3);
        float[] factors = Samples.floats(n + 100, n, 2);
        float[] g = gradient(f, x, factors);
        for (int j = 0; j < n; j++) {
          double near = rowWise(f, x, factors, j, H / 2) - rowWise(f, x, factors, j, -H / 2);
          double far = rowWise(f, x, factors, j, H) - rowWise(f, x, factors, j, -H);
          assertEquals((8 * near - far) / (6 * H), g[j], 5e-6, f + " of " + n + " at " + j);
        }
      }
    }
  }

  @Test
  void sharesOfOneAddUpToNoGradient() {
    float[] g = gradient(Function.SOFTMAX, Samples.floats(8, 37, 4), Samples.floats(9, 37, 1));
    double sum = 0;
    for (float v : g) {
      sum += v;
    }
    assertEquals(0, sum, 1e-7);
  }
}
