package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every activation against double precision: a strided sweep of all floats in the test; {@link #main} sweeps all
 * 2<sup>32</sup> and prints the worst errors.
 *
 * <p>The error is counted in units of the last place of the true result, 2<sup>-149</sup> for subnormal results.
 */
class AccuracyTest {
  /** A prime, so that a sweep meets every exponent and every part of the significand. */
  private static final int STRIDE = 4099;
  private static final int BLOCK = 1 << 12;

  /** The largest errors of one function, over some inputs. */
  private static final class Worst {
    final Function function;
    double ulps;
    float atUlps;
    /** Largest absolute error where the result is below 2^-126, in units of 2^-149. */
    double tiny;
    float atTiny;
    /** Largest absolute error. */
    double absolute;
    String broken;

    Worst(Function function) {
      this.function = function;
    }

    void see(float x, float y) {
      if (Float.isNaN(x) || Float.isInfinite(x)) {
        // Keras' own NaNs at the infinities are compared by name in the tests below.
        if (Float.isNaN(x) && !Float.isNaN(y)) {
          broken = "f(NaN) = " + y;
        }
        return;
      }
      double exact = Reference.of(function, x);
      float rounded = (float) exact;
      if (Float.isInfinite(rounded) || Float.isInfinite(y) || Float.isNaN(y)) {
        // Within an ulp of the largest float either side may have been rounded to infinity.
        if (rounded != y && !(y == Float.POSITIVE_INFINITY && rounded > 0x1.fffffp127f)
            && !(rounded == Float.POSITIVE_INFINITY && y > 0x1.fffffp127f)) {
          broken = "f(" + x + ") = " + y + ", expected " + rounded;
        }
        return;
      }
      double error = Math.abs(y - exact);
      absolute = Math.max(absolute, error);
      if (Math.abs(exact) >= Float.MIN_NORMAL) {
        double inUlps = error / Math.scalb(1.0, Math.getExponent(exact) - 23);
        if (inUlps > ulps) {
          ulps = inUlps;
          atUlps = x;
        }
      } else if (error * 0x1p149 > tiny) {
        tiny = error * 0x1p149;
        atTiny = x;
      }
    }

    void join(Worst other) {
      if (other.ulps > ulps) {
        ulps = other.ulps;
        atUlps = other.atUlps;
      }
      if (other.tiny > tiny) {
        tiny = other.tiny;
        atTiny = other.atTiny;
      }
      absolute = Math.max(absolute, other.absolute);
      broken = broken == null ? other.broken : broken;
    }

    @Override
    public String toString() {
      return String.format("%-15s %10.4f ulp at %-16s below 2^-126: %.3f x 2^-149 at %-16s absolute %.3g%s", function,
          ulps, Float.toHexString(atUlps), tiny, Float.toHexString(atTiny), absolute,
          broken == null ? "" : "  BROKEN: " + broken);
    }
  }

  private static Worst sweep(Kernels k, Function f, long from, long to, int stride) {
    Worst worst = new Worst(f);
    float[] x = new float[BLOCK];
    float[] y = new float[BLOCK + KernelChoice.PADDING];
    for (long bits = from; bits < to; ) {
      int n = 0;
      for (; n < BLOCK && bits < to; n++, bits += stride) {
        x[n] = Float.intBitsToFloat((int) bits);
      }
      System.arraycopy(x, 0, y, 0, n);
      f.apply(k, y, 0, n);
      for (int i = 0; i < n; i++) {
        worst.see(x[i], y[i]);
      }
    }
    return worst;
  }

  private static void assertWithinTwoUlps(Function f) {
    Worst worst = sweep(KernelChoice.current(), f, 0, 1L << 32, STRIDE);
    assertEquals(null, worst.broken);
    assertTrue(worst.ulps <= 2, worst::toString);
    assertTrue(worst.tiny <= 0x1p9, worst::toString);
  }

  @Test
  void exponentialIsWithinTwoUlpsAllOverTheFloats() {
    assertWithinTwoUlps(Function.EXPONENTIAL);
  }

  @Test
  void sigmoidIsWithinTwoUlpsAllOverTheFloats() {
    assertWithinTwoUlps(Function.SIGMOID);
  }

  @Test
  void tanhIsWithinTwoUlpsAllOverTheFloats() {
    assertWithinTwoUlps(Function.TANH);
  }

  /** The bounds that the functions state, with a coarser sweep. */
  @Test
  void everyOtherFunctionIsWithinItsBound() {
    for (Function f : Function.values()) {
      if (f.rowWise()) {
        continue;
      }
      Worst worst = sweep(KernelChoice.current(), f, 0, 1L << 32, 65537);
      assertEquals(null, worst.broken, f.toString());
      if (Bounds.ulps(f) > 0) {
        assertTrue(worst.ulps <= Bounds.ulps(f) && worst.tiny <= Bounds.tiny(f), worst::toString);
      } else {
        assertTrue(worst.absolute <= Bounds.absolute(f), worst::toString);
      }
    }
  }

  private static float at(Function f, float x) {
    float[] a = new float[1 + KernelChoice.PADDING];
    a[0] = x;
    f.apply(KernelChoice.current(), a, 0, 1);
    return a[0];
  }

  private static void assertAt(Function f, float x, float expected) {
    assertEquals(expected, at(f, x), f + " at " + x);
  }

  @Test
  void limitsAndZerosOfTheHotFunctions() {
    assertAt(Function.EXPONENTIAL, 0f, 1f);
    assertAt(Function.EXPONENTIAL, -0f, 1f);
    assertAt(Function.EXPONENTIAL, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);
    assertAt(Function.EXPONENTIAL, Float.NEGATIVE_INFINITY, 0f);
    assertAt(Function.SIGMOID, 0f, 0.5f);
    assertAt(Function.SIGMOID, -0f, 0.5f);
    assertAt(Function.SIGMOID, Float.POSITIVE_INFINITY, 1f);
    assertAt(Function.TANH, 0f, 0f);
    assertAt(Function.TANH, -0f, -0f);
    assertAt(Function.TANH, Float.POSITIVE_INFINITY, 1f);
    assertAt(Function.TANH, Float.NEGATIVE_INFINITY, -1f);
    assertTrue(Math.abs(at(Function.SIGMOID, Float.NEGATIVE_INFINITY)) <= 0x1p-140f);
  }

  @Test
  void limitsOfTheOtherFunctionsAreNumbers() {
    float inf = Float.POSITIVE_INFINITY;
    assertAt(Function.RELU, -inf, 0);
    assertAt(Function.RELU6, inf, 6);
    assertAt(Function.ELU, -inf, -1);
    assertAt(Function.SOFTPLUS, -inf, 0);
    assertAt(Function.SOFTPLUS, inf, inf);
    assertAt(Function.SOFTSIGN, inf, 1);
    assertAt(Function.SOFTSIGN, -inf, -1);
    assertAt(Function.HARD_SIGMOID, inf, 1);
    assertAt(Function.HARD_SIGMOID, -inf, 0);
    assertAt(Function.HARD_TANH, inf, 1);
    assertAt(Function.SILU, inf, inf);
    assertAt(Function.GELU, inf, inf);
    assertAt(Function.MISH, inf, inf);
    assertAt(Function.LOG_SIGMOID, -inf, -inf);
    assertAt(Function.SPARSE_SIGMOID, inf, 1);
    assertEquals(0, at(Function.LOG_SIGMOID, inf), 0);
  }

  @Test
  void tanhIsOdd() {
    for (int bits = 0; bits < 0x7f800000; bits += 65537) {
      float x = Float.intBitsToFloat(bits);
      assertEquals(-at(Function.TANH, x), at(Function.TANH, -x));
    }
  }

  @Test
  void resultsStayInTheirRange() {
    for (int bits = 0; bits < 0x7f800000; bits += 65537) {
      float x = Float.intBitsToFloat(bits);
      assertTrue(at(Function.TANH, x) <= 1 && at(Function.SIGMOID, x) <= 1 && at(Function.SIGMOID, -x) >= 0);
    }
  }

  @Test
  void nanGivesNanInEveryFunction() {
    for (Function f : Function.values()) {
      for (int n : new int[] {1, 5, 33}) {
        float[] a = new float[n + KernelChoice.PADDING];
        a[n / 2] = Float.NaN;
        f.apply(KernelChoice.current(), a, 0, n);
        assertTrue(Float.isNaN(a[n / 2]), f.toString());
      }
    }
  }

  @Test
  void softmaxAndItsLogarithmAreNearDoublePrecision() {
    for (int n = 1; n < 70; n++) {
      float[] x = Samples.floats(n, n, 20);
      double max = Double.NEGATIVE_INFINITY;
      for (float v : x) {
        max = Math.max(max, v);
      }
      double sum = 0;
      for (float v : x) {
        sum += StrictMath.exp(v - max);
      }
      float[] p = Arrays.copyOf(x, n + KernelChoice.PADDING);
      float[] log = p.clone();
      Function.SOFTMAX.apply(KernelChoice.current(), p, 0, n);
      Function.LOG_SOFTMAX.apply(KernelChoice.current(), log, 0, n);
      for (int j = 0; j < n; j++) {
        double exact = StrictMath.exp(x[j] - max) / sum;
        // The subtraction of the largest is rounded: half an ulp of up to 40 before the exponential.
        assertEquals(exact, p[j], exact * 4e-6, "softmax of " + n + " at " + j);
        assertEquals(x[j] - max - StrictMath.log(sum), log[j], 6e-6, "log_softmax of " + n + " at " + j);
      }
    }
  }

  @Test
  void softmaxOfLargeNumbersDoesNotOverflow() {
    float[] a = Arrays.copyOf(new float[] {1000, 1000, -1000}, 3 + KernelChoice.PADDING);
    Function.SOFTMAX.apply(KernelChoice.current(), a, 0, 3);
    assertEquals(0.5f, a[0]);
    assertEquals(0.5f, a[1]);
    assertEquals(0f, a[2], 0x1p-140f);
  }

  /**
   * Sweeps all 2<sup>32</sup> floats on all processors.
   *
   * @param names functions, none for sigmoid, tanh and exponential
   */
  public static void main(String... names) throws InterruptedException {
    List<Function> functions = new ArrayList<>();
    for (String name : names.length > 0 ? names : new String[] {"EXPONENTIAL", "SIGMOID", "TANH"}) {
      functions.add(Function.valueOf(name));
    }
    System.out.println(KernelChoice.describe());
    for (Function f : functions) {
      Worst worst = new Worst(f);
      int count = Runtime.getRuntime().availableProcessors();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < count; t++) {
        long from = (1L << 32) / count * t;
        long to = t + 1 == count ? 1L << 32 : (1L << 32) / count * (t + 1);
        Thread thread = new Thread(() -> {
          Worst own = sweep(KernelChoice.current(), f, from, to, 1);
          synchronized (worst) {
            worst.join(own);
          }
        });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.println(worst);
    }
  }
}
