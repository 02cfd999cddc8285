package dev.rill.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Initial numbers: Keras' limits, moments and special forms, and nothing outside the variable. */
class InitializerTest {
  private static final int BEFORE = 3;

  private static float[] fill(Initializer initializer, long stream, int... axes) {
    Shape shape = Shape.of(axes);
    float[] values = new float[BEFORE + shape.size() + 2];
    Arrays.fill(values, 77);
    initializer.fill(values, new Weights.Slice("layer", "kernel", shape, BEFORE), stream);
    for (int i = 0; i < values.length; i++) {
      assertTrue(i >= BEFORE && i < BEFORE + shape.size() || values[i] == 77, "outside the variable");
    }
    return Arrays.copyOfRange(values, BEFORE, BEFORE + shape.size());
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  private static double variance(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float v : values) {
      sum += (v - mean) * (v - mean);
    }
    return sum / values.length;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float v : values) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }

  /** For a kernel (100, 300): variances 1/200, 2/100 and 1/100; the ends are what Keras 3.15.1 computes for this shape. */
  @ParameterizedTest
  @CsvSource({"glorot_uniform,0.005,0.122474487", "GlorotNormal,0.005,0.160773", "he_uniform,0.02,0.244948974",
    "he_normal,0.02,0.321547", "lecun_uniform,0.01,0.173205081", "LecunNormal,0.01,0.227368", "variance_scaling,0.01,0.227368",
    "uniform,0.000833333,0.05", "truncated_normal,0.00193435,0.1"})
  void variancesAndEndsAreThoseOfKeras(String name, double variance, double end) {
    float[] w = fill(Initializer.named(name), 5, 100, 300);
    assertEquals(0, mean(w), 5 * StrictMath.sqrt(variance / w.length));
    assertEquals(1, variance(w) / variance, 0.03);
    assertTrue(largest(w) <= end * 1.00001 && largest(w) > 0.99 * end, largest(w) + " of " + end);
  }

  @Test
  void normalNumbersGoBeyondTwoDeviations() {
    float[] w = fill(new RandomNormal(1, 0.5), 5, 100, 300);
    assertEquals(1, mean(w), 0.015);
    assertEquals(0.25, variance(w), 0.01);
    assertEquals(0.0455, share(w, 2), 0.006);
    assertEquals(0.0027, share(w, 3), 0.0015);
  }

  private static double share(float[] w, double deviations) {
    int beyond = 0;
    for (float v : w) {
      beyond += Math.abs(v - 1) > 0.5 * deviations ? 1 : 0;
    }
    return (double) beyond / w.length;
  }

  @Test
  void fansOfAVectorAreItsLengthAndThoseOfALongerShapeIncludeTheAxesBefore() {
    assertEquals(StrictMath.sqrt(3.0 / 50000), largest(fill(Initializer.glorotUniform(), 1, 50000)), 1e-5);
    double conv = StrictMath.sqrt(6.0 / (3 * 20 + 3 * 400));
    assertEquals(conv, largest(fill(Initializer.glorotUniform(), 1, 3, 20, 400)), 1e-4);
    VarianceScaling outputs = new VarianceScaling(2, VarianceScaling.Fan.OUTPUTS, VarianceScaling.Distribution.NORMAL);
    assertEquals(2.0 / 300, variance(fill(outputs, 1, 100, 300)), 2e-4);
  }

  @ParameterizedTest
  @CsvSource({"6,24", "24,6", "9,9", "1,5", "5,1"})
  void theShorterSideOfAnOrthogonalMatrixIsOrthonormal(int rows, int columns) {
    float[] w = fill(new Orthogonal(3), 4, rows, columns);
    boolean byRows = rows <= columns;
    for (int a = 0; a < Math.min(rows, columns); a++) {
      for (int b = 0; b < Math.min(rows, columns); b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          dot += (double) w[byRows ? a * columns + i : i * columns + a] * w[byRows ? b * columns + i : i * columns + b];
        }
        assertEquals(a == b ? 9 : 0, dot, 5e-6);
      }
    }
  }

  @Test
  void constantsAndTheIdentityAreExact() {
    assertArrayEquals(new float[] {0.3f, 0.3f}, fill(new Constant(0.3), 1, 2));
    assertArrayEquals(new float[] {1, 1}, fill(Initializer.named("ones"), 1, 2));
    assertArrayEquals(new float[] {0, 0}, fill(Initializer.named("zeros"), 1, 2));
    assertArrayEquals(new float[] {2, 0, 0, 0, 2, 0}, fill(new Identity(2), 1, 2, 3));
    assertArrayEquals(new float[] {1, 0, 0, 1, 0, 0}, fill(Initializer.named("identity"), 1, 3, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"orthogonal", "glorot_uniform", "random_normal", "truncated_normal"})
  void aSeedOfItsOwnReplacesTheStream(String name) {
    Initializer plain = Initializer.named(name);
    assertFalse(Arrays.equals(fill(plain, 1, 4, 5), fill(plain, 2, 4, 5)));
    Samples.assertBits(fill(plain, 1, 4, 5), fill(plain, 1, 4, 5), "same stream");
    Samples.assertBits(fill(plain.seed(8), 1, 4, 5), fill(plain.seed(8), 2, 4, 5), "own seed");
    Samples.assertBits(fill(plain.seed(8), 1, 4, 5), fill(plain.seed(9).seed(8), 2, 4, 5), "last seed");
    assertFalse(Arrays.equals(fill(plain.seed(8), 1, 4, 5), fill(plain.seed(9), 1, 4, 5)));
  }

  @Test
  void shapesAndOptionsThatMakeNoSenseAreRefused() {
    String message = assertThrows(RillException.class, () -> fill(new Orthogonal(1), 1, 4)).getMessage();
    assertTrue(message.contains("layer") && message.contains("(4,)"), message);
    assertThrows(RillException.class, () -> fill(new Identity(1), 1, 4));
    assertThrows(RillException.class, () -> new RandomUniform(1, 0));
    assertThrows(RillException.class, () -> new RandomNormal(0, -1));
    assertThrows(RillException.class, () -> new TruncatedNormal(0, Double.NaN));
    assertThrows(RillException.class, () ->
        new VarianceScaling(0, VarianceScaling.Fan.INPUTS, VarianceScaling.Distribution.UNIFORM));
    assertTrue(assertThrows(UnsupportedException.class, () -> Initializer.named("stft")).getMessage().contains("stft"));
    assertThrows(RillException.class, () -> new Dense(2).kernelInitializer(null));
  }

  /** Keras 3.15.1: the forget gate starts at 1, the other gates as told. */
  @Test
  void aUnitForgetBiasLeavesTheOtherGatesTheirInitializer() {
    LSTM lstm = new LSTM(2).biasInitializer(new Constant(0.5));
    assertArrayEquals(new float[] {0.5f, 0.5f, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f}, bias(lstm));
    assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f}, bias(lstm.unitForgetBias(false)));
    float[] random = bias(new LSTM(2).biasInitializer(new RandomUniform(2, 3)));
    assertArrayEquals(new float[] {1, 1}, Arrays.copyOfRange(random, 2, 4));
    assertFalse(random[0] == random[4] || random[1] == random[5]);
  }

  private static float[] bias(LSTM lstm) {
    return Sequential.of(Input.shape(3, 4), lstm).layer("lstm").weights().get(2).toArray();
  }

  @Test
  void everyVariableOfAModelFollowsItsOwnInitializer() {
    Sequential model = Sequential.of(Input.shape(3, 4),
        new GRU(2).kernelInitializer(Initializer.ones()).recurrentInitializer(new Identity(2)).biasInitializer(new Constant(3)),
        new Dense(2).useBias(false).kernelInitializer(new Constant(4)));
    assertArrayEquals(fill(Initializer.ones(), 0, 4, 6), model.layer("gru").weights().get(0).toArray());
    assertArrayEquals(fill(new Identity(2), 0, 2, 6), model.layer("gru").weights().get(1).toArray());
    assertArrayEquals(fill(new Constant(3), 0, 2, 6), model.layer("gru").weights().get(2).toArray());
    assertArrayEquals(fill(new Constant(4), 0, 2, 2), model.layer("dense").weights().get(0).toArray());
  }

  @Test
  void aDescriptionWithOtherRulesKeepsEverythingElse() {
    Regularizer l2 = Regularizer.l2(0.1);
    Constraint max = Constraint.maxNorm(2);
    LSTM plain = new LSTM(3).named("a").returnSequences(true);
    LSTM ruled = plain.kernelRegularizer(l2).recurrentConstraint(max).biasRegularizer(l2).activityRegularizer(l2).trainable(false)
        .goBackwards(true);
    assertTrue(ruled.returnSequences() && ruled.goBackwards() && !ruled.trainable() && ruled.name().equals("a"));
    assertSame(l2, ruled.kernelRules().regularizer());
    assertSame(max, ruled.recurrentRules().constraint());
    assertSame(l2, ruled.biasRules().regularizer());
    assertSame(l2, ruled.activityRegularizer());
    assertEquals(null, ruled.kernelRules().constraint());
    assertEquals(new LSTM(1).kernelRules(), plain.kernelRules());
    Dense dense = new Dense(3).activation("relu").biasConstraint(max).trainable(false).useBias(true).named("d");
    assertSame(max, dense.biasRules().constraint());
    assertTrue(!dense.trainable() && dense.activation() == ActivationFunction.RELU && dense.units() == 3);
    Model model = Sequential.of(Input.shape(2, 3), new TimeDistributed(dense), new Dense(1));
    model.compile("sgd", "mse");
    assertEquals(List.of("dense", "dense"), model.trainer().trainable().stream().map(Weights.Slice::layer).toList());
  }
}
