package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;
import dev.rill.layers.ActivationFunction;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values against the formulas in double precision, gradients against the formulas' central differences. */
class LossTest {
  private static final int WIDTH = 5;
  private static final double EPSILON = 1e-7f;
  private static final Kernels KERNELS = KernelChoice.current();

  /** A loss of one row in double precision. */
  private interface Formula {
    double of(double[] y, double[] p);
  }

  /** What numbers a loss is for. */
  private enum Kind { REAL, COUNT, SHARES, BITS, CLASS }

  static Stream<Arguments> losses() {
    Formula softmax = (y, p) -> sum(y, p, (t, q) -> -t * (q - logSumExp(p)));
    Formula sigmoid = (y, p) -> mean(y, p, (t, z) -> Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z))));
    Formula binary = (y, p) -> mean(y, p, (t, q) -> -t * Math.log(q) - (1 - t) * Math.log(1 - q));
    Formula categorical = (y, p) -> sum(y, p, (t, q) -> -t * Math.log(q / total(p)));
    return Stream.of(
        Arguments.of(new MeanSquaredError(), Kind.REAL, (Formula) (y, p) -> mean(y, p, (t, q) -> (q - t) * (q - t))),
        Arguments.of(new MeanAbsoluteError(), Kind.REAL, (Formula) (y, p) -> mean(y, p, (t, q) -> Math.abs(q - t))),
        Arguments.of(new MeanAbsolutePercentageError(), Kind.REAL,
            (Formula) (y, p) -> mean(y, p, (t, q) -> 100 * Math.abs(q - t) / Math.max(Math.abs(t), EPSILON))),
        Arguments.of(new Huber(), Kind.REAL, (Formula) (y, p) -> mean(y, p, (t, q) -> huber(q - t, 1))),
        Arguments.of(new Huber(0.3), Kind.REAL, (Formula) (y, p) -> mean(y, p, (t, q) -> huber(q - t, 0.3f))),
        Arguments.of(new LogCosh(), Kind.REAL, (Formula) (y, p) -> mean(y, p, (t, q) -> Math.log(Math.cosh(q - t)))),
        Arguments.of(new Poisson(), Kind.COUNT, (Formula) (y, p) -> mean(y, p, (t, q) -> q - t * Math.log(q + EPSILON))),
        Arguments.of(new KLDivergence(), Kind.SHARES, (Formula) (y, p) -> sum(y, p, (t, q) -> t * Math.log(t / q))),
        Arguments.of(new CosineSimilarity(), Kind.REAL, (Formula) (y, p) -> -sum(y, p, (t, q) -> t * q)
            / Math.sqrt(sum(y, y, (t, q) -> t * q) * sum(p, p, (t, q) -> t * q))),
        Arguments.of(new CategoricalCrossentropy(), Kind.SHARES, categorical),
        Arguments.of(new CategoricalCrossentropy(false, 0.2), Kind.SHARES,
            (Formula) (y, p) -> categorical.of(smoothed(y, 0.2, 1.0 / WIDTH), p)),
        Arguments.of(new CategoricalCrossentropy(true, 0.2), Kind.SHARES,
            (Formula) (y, p) -> softmax.of(smoothed(y, 0.2, 1.0 / WIDTH), p)),
        Arguments.of(new SparseCategoricalCrossentropy(), Kind.CLASS, categorical),
        Arguments.of(new SparseCategoricalCrossentropy(true), Kind.CLASS, softmax),
        Arguments.of(new BinaryCrossentropy(), Kind.BITS, binary),
        Arguments.of(new BinaryCrossentropy(false, 0.1), Kind.BITS, (Formula) (y, p) -> binary.of(smoothed(y, 0.1, 0.5), p)),
        Arguments.of(new BinaryCrossentropy(true, 0.1), Kind.BITS, (Formula) (y, p) -> sigmoid.of(smoothed(y, 0.1, 0.5), p)));
  }

  private interface Term {
    double of(double y, double p);
  }

  private static double sum(double[] y, double[] p, Term term) {
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      sum += term.of(y[j], p[j]);
    }
    return sum;
  }

  private static double mean(double[] y, double[] p, Term term) {
    return sum(y, p, term) / p.length;
  }

  private static double total(double[] p) {
    return sum(p, p, (y, q) -> q);
  }

  private static double logSumExp(double[] z) {
    return Math.log(sum(z, z, (y, q) -> Math.exp(q)));
  }

  private static double huber(double e, double delta) {
    return Math.abs(e) <= delta ? e * e / 2 : delta * Math.abs(e) - delta * delta / 2;
  }

  private static double[] smoothed(double[] y, double share, double to) {
    double[] smoothed = new double[y.length];
    for (int j = 0; j < y.length; j++) {
      smoothed[j] = y[j] * (1 - share) + share * to;
    }
    return smoothed;
  }

  private static float[] targets(Kind kind, int seed) {
    float[] y = Samples.floats(seed, WIDTH, 2);
    switch (kind) {
      case SHARES:
        float sum = 0;
        for (int j = 0; j < WIDTH; j++) {
          y[j] = Math.abs(y[j]) + 0.1f;
          sum += y[j];
        }
        for (int j = 0; j < WIDTH; j++) {
          y[j] /= sum;
        }
        return y;
      case BITS:
        for (int j = 0; j < WIDTH; j++) {
          y[j] = y[j] > 0 ? 1 : 0;
        }
        return y;
      case COUNT:
        for (int j = 0; j < WIDTH; j++) {
          y[j] = (int) Math.abs(3 * y[j]);
        }
        return y;
      case CLASS:
        return new float[] {seed % WIDTH};
      default:
        return y;
    }
  }

  private static double[] doubles(float[] y, int width) {
    double[] wide = new double[width];
    if (y.length == 1) {
      wide[(int) y[0]] = 1;
      return wide;
    }
    for (int j = 0; j < width; j++) {
      wide[j] = y[j];
    }
    return wide;
  }

  @ParameterizedTest
  @MethodSource("losses")
  void valuesAndGradientsAreThoseOfTheFormula(Loss loss, Kind kind, Formula formula) {
    for (int seed = 1; seed < 20; seed++) {
      float[] y = targets(kind, seed);
      float[] p = Samples.floats(seed + 100, WIDTH, 2);
      for (int j = 0; j < WIDTH && kind != Kind.REAL; j++) {
        p[j] = Math.min(0.02f + 0.48f * Math.abs(p[j]), 0.98f);
      }
      float[] g = new float[WIDTH + KernelChoice.PADDING];
      double[] wideY = doubles(y, WIDTH);
      double[] wideP = doubles(p, WIDTH);

      double value = loss.row(KERNELS, y, 0, p, 0, WIDTH, 0.5f, g, 0);

      double expected = formula.of(wideY, wideP);
      assertEquals(expected, value, 1e-6 + 1e-6 * Math.abs(expected));
      assertEquals(value, loss.row(KERNELS, y, 0, p, 0, WIDTH, 0.5f, null, 0), 1e-6 * (1 + Math.abs(expected)));
      for (int j = 0; j < WIDTH; j++) {
        double h = 1e-6;
        wideP[j] += h;
        double above = formula.of(wideY, wideP);
        wideP[j] -= 2 * h;
        double difference = (above - formula.of(wideY, wideP)) / (2 * h);
        wideP[j] += h;
        assertEquals(0.5 * difference, g[j], 2e-6 + 1e-5 * Math.abs(difference), "seed " + seed + ", element " + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aRowLiesWhereItIsSaidTo(Loss loss, Kind kind, Formula ignored) {
    float[] y = targets(kind, 3);
    float[] p = {0.2f, 0.1f, 0.3f, 0.15f, 0.25f};
    float[] g = new float[WIDTH + KernelChoice.PADDING];
    float value = loss.row(KERNELS, y, 0, p, 0, WIDTH, 1, g, 0);
    float[] farY = new float[20];
    float[] farP = new float[20];
    System.arraycopy(y, 0, farY, 7, y.length);
    System.arraycopy(p, 0, farP, 9, WIDTH);
    float[] farG = new float[3 + WIDTH + KernelChoice.PADDING];
    assertEquals(value, loss.row(KERNELS, farY, 7, farP, 9, WIDTH, 1, farG, 3));
    for (int j = 0; j < WIDTH; j++) {
      assertEquals(g[j], farG[3 + j]);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aNaNIsNotHidden(Loss loss, Kind kind, Formula ignored) {
    float[] y = targets(kind, 2);
    float[] p = {0.2f, 0.1f, Float.NaN, 0.15f, 0.25f};
    float[] g = new float[WIDTH + KernelChoice.PADDING];
    assertTrue(Float.isNaN(loss.row(KERNELS, y, 0, p, 0, WIDTH, 1, g, 0)), "the value");
    assertTrue(Float.isNaN(g[2]), "the gradient");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void rowsAllocateNothing(Loss loss, Kind kind, Formula ignored) {
    float[] y = targets(kind, 2);
    float[] p = {0.2f, 0.1f, 0.3f, 0.15f, 0.25f};
    float[] g = new float[WIDTH + KernelChoice.PADDING];
    Allocation.assertNone(() -> loss.row(KERNELS, y, 0, p, 0, WIDTH, 1, g, 0));
  }

  /** Logits about a thousand: what is lost in a sum with them is lost for the loss. */
  @Test
  void categoricalLossesOfLargeLogitsKeepTheirDigits() {
    float[] z = {1000, 1001, 999.5f, 1003, 990};
    double expected = logSumExp(new double[] {-3, -2, -3.5, 0, -13});
    float[] g = new float[WIDTH + KernelChoice.PADDING];
    assertEquals(expected, new SparseCategoricalCrossentropy().rowOfLogits(KERNELS, new float[] {3}, 0, z, 0, WIDTH, 1, g, 0),
        1e-7);
    float[] y = {0, 0, 0, 1, 0};
    assertEquals(expected, new CategoricalCrossentropy().rowOfLogits(KERNELS, y, 0, z, 0, WIDTH, 1, g, 0), 1e-7);
    assertEquals(Math.exp(-3 - expected), g[0], 1e-7);
  }

  @Test
  void binaryLossesOfCertainPredictionsKeepTheirDigits() {
    for (float z : new float[] {-30, -20, -10, -1, 1, 10, 20, 30}) {
      float[] g = new float[1];
      float y = z > 0 ? 1 : 0;
      double expected = Math.log1p(Math.exp(-Math.abs(z)));
      float value = new BinaryCrossentropy().rowOfLogits(KERNELS, new float[] {y}, 0, new float[] {z}, 0, 1, 1, g, 0);
      assertEquals(expected, value, 1e-6 * expected);
      double gradient = -Math.signum(z) / (1 + Math.exp(Math.abs(z)));
      assertEquals(gradient, g[0], 1e-6 * Math.abs(gradient));
    }
  }

  /** From Keras 3.15.1: 1 - 1e-7 is 1 - 2^-23 in float32. */
  @Test
  void probabilitiesAreClippedAsInKeras() {
    float[] g = new float[2 + KernelChoice.PADDING];
    assertEquals(15.942385f, new BinaryCrossentropy().row(KERNELS, new float[] {0}, 0, new float[] {1}, 0, 1, 1, g, 0), 1e-6);
    assertEquals(0, g[0]);
    float[] y = {1, 0};
    float[] p = {0, 1};
    assertEquals(16.118095f, new CategoricalCrossentropy().row(KERNELS, y, 0, p, 0, 2, 1, g, 0), 1e-5);
    assertEquals(0, g[0]);
  }

  @Test
  void aRowOfZerosHasNoAngle() {
    float[] g = new float[2];
    assertEquals(0, new CosineSimilarity().row(KERNELS, new float[] {1, 2}, 0, new float[2], 0, 2, 1, g, 0), 0f);
    assertTrue(Float.isFinite(g[0]) && Float.isFinite(g[1]));
  }

  @Test
  void anIndexOfNoClassIsRefused() {
    new SparseCategoricalCrossentropy().check(Tensor.of(new float[] {0, 4, 1, 3}, 2, 2), WIDTH);
    for (float index : new float[] {-1, 5, 1.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      ShapeException e = assertThrows(ShapeException.class, () -> new SparseCategoricalCrossentropy()
          .check(Tensor.of(new float[] {0, 4, index, 3}, 2, 2), WIDTH));
      assertTrue(e.getMessage().contains("row 1, step 0"), e.getMessage());
      assertTrue(e.getMessage().contains("5 classes"), e.getMessage());
    }
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThrows(RillException.class, () -> new Huber(0));
    assertThrows(RillException.class, () -> new CategoricalCrossentropy(false, 1.5));
    assertThrows(RillException.class, () -> new BinaryCrossentropy(false, -0.1));
    assertThrows(UnsupportedException.class, () -> Loss.named("hinge"));
  }

  @Test
  void namesAreThoseOfKeras() {
    for (String name : new String[] {"mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber",
        "log_cosh", "poisson", "cosine_similarity", "categorical_crossentropy", "sparse_categorical_crossentropy",
        "binary_crossentropy"}) {
      Loss loss = Loss.named(name);
      assertEquals(name, loss.kerasName());
      assertEquals(name, loss.className().replaceAll("(?<=[a-z])([A-Z])", "_$1").toLowerCase(Locale.ROOT));
      assertEquals(loss.getClass(), Loss.named(loss.className()).getClass());
    }
    assertEquals("KLDivergence", Loss.named("kld").className());
    assertEquals(0.3, new Huber(0.3).delta());
  }

  @Test
  void crossentropiesFuseWithTheActivationThatMakesTheirProbabilities() {
    assertTrue(new CategoricalCrossentropy().fuses(ActivationFunction.SOFTMAX));
    assertTrue(new SparseCategoricalCrossentropy().fuses(ActivationFunction.SOFTMAX));
    assertTrue(new BinaryCrossentropy().fuses(ActivationFunction.SIGMOID));
    assertTrue(!new MeanSquaredError().fuses(ActivationFunction.SOFTMAX));
  }
}
