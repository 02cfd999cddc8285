package dev.rill.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Mode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Values and gradients of regularizers; the expected ones were printed by Keras 3.15.1 on TensorFlow. */
class RegularizerTest {
  /** A matrix (4, 3) behind two numbers that are none of its business. */
  private static final float[] W = {9, 9, 0.5f, -1.5f, 0.25f, 0, 2, -0.75f, -3, 1, 0.125f, 0.1f, -0.2f, 0.3f};
  private static final Weights.Slice SLICE = new Weights.Slice("d", "kernel", Shape.of(4, 3), 2);

  private static void check(Regularizer regularizer, float value, float... gradient) {
    regularizer.check(SLICE);
    assertEquals(value, regularizer.value(W, SLICE), 2e-7f * value);
    float[] g = new float[W.length];
    Arrays.fill(g, 0.5f);
    regularizer.addGradient(W, g, SLICE);
    assertEquals(0.5f, g[0]);
    assertEquals(0.5f, g[1]);
    for (int i = 0; i < gradient.length; i++) {
      assertEquals(0.5f + gradient[i], g[2 + i], 2e-7f, "element " + i);
    }
  }

  @Test
  void absoluteValues() {
    check(Regularizer.l1(0.03), 0.291750014f, 0.0299999993f, -0.0299999993f, 0.0299999993f, 0, 0.0299999993f, -0.0299999993f,
        -0.0299999993f, 0.0299999993f, 0.0299999993f, 0.0299999993f, -0.0299999993f, 0.0299999993f);
  }

  @Test
  void squaresWithoutAHalf() {
    check(Regularizer.l2(0.07), 1.20964372f, 0.0700000003f, -0.210000008f, 0.0350000001f, 0, 0.280000001f, -0.105000004f,
        -0.420000017f, 0.140000001f, 0.0175000001f, 0.0140000004f, -0.0280000009f, 0.0420000032f);
  }

  @Test
  void both() {
    check(new L1L2(0.02, 0.05), 1.05853128f, 0.0700000003f, -0.170000002f, 0.0450000018f, 0, 0.219999999f, -0.0949999988f,
        -0.320000023f, 0.120000005f, 0.0324999988f, 0.0300000012f, -0.0399999991f, 0.0500000007f);
  }

  @Test
  void rowsApart() {
    check(new OrthogonalRegularizer(0.3, OrthogonalRegularizer.Mode.ROWS), 0.184118822f, 0.0162220709f, 0.00939232484f,
        0.0239098035f, -0.0357572846f, -0.00190957263f, -0.0050921943f, 0.00969197135f, 0.0317593664f, -0.0214676205f,
        0.101193435f, -0.15812467f, -0.13914755f);
  }

  @Test
  void columnsApart() {
    check(new OrthogonalRegularizer(0.3, OrthogonalRegularizer.Mode.COLUMNS), 0.132770523f, 0.00571097666f, 0.00866063312f,
        0.0160423927f, 0.00449199043f, -0.00160741806f, 0.00252940506f, 0.000628955662f, 0.0140446555f, 0.0571420304f,
        -0.0096863322f, -0.0108056283f, -0.0308543444f);
  }

  /** Keras gives NaN for its gradient. */
  @Test
  void aRowOfZerosIsNotPushedAnywhereByItself() {
    Weights.Slice slice = new Weights.Slice("d", "kernel", Shape.of(2, 2), 0);
    float[] g = new float[4];
    Regularizer regularizer = Regularizer.named("orthogonal_regularizer");
    regularizer.addGradient(new float[] {0, 0, 1, 2}, g, slice);
    assertEquals(0, regularizer.value(new float[] {0, 0, 1, 2}, slice));
    for (float v : g) {
      assertEquals(0, v);
    }
  }

  @Test
  void whatIsNotANumberStaysSo() {
    Weights.Slice slice = new Weights.Slice("d", "bias", Shape.of(1), 0);
    float[] g = {0};
    Regularizer.l1(1).addGradient(new float[] {Float.NaN}, g, slice);
    assertTrue(Float.isNaN(g[0]));
    assertEquals(0, new L1L2(0, 0).value(new float[] {Float.NaN}, slice));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(RillException.class, () -> Regularizer.l1(-0.1));
    assertThrows(RillException.class, () -> Regularizer.l2(Double.NaN));
    assertThrows(UnsupportedException.class, () -> Regularizer.named("l3"));
    Regularizer apart = Regularizer.named("orthogonal_regularizer");
    Weights.Slice vector = new Weights.Slice("d", "bias", Shape.of(4), 0);
    assertTrue(assertThrows(RillException.class, () -> apart.check(vector)).getMessage().contains("layer d, bias"));
    assertThrows(RillException.class, () -> apart.check(new Weights.Slice("d", "kernel", Shape.of(1, 4), 0)));
    VariableRules rules = new VariableRules(Initializer.zeros(), apart, null);
    assertThrows(RillException.class, () -> rules.check(vector));
  }
}
