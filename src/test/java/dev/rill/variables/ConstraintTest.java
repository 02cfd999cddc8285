package dev.rill.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What weights become under constraints; the expected ones were printed by Keras 3.15.1 on TensorFlow. */
class ConstraintTest {
  private static final float[] MATRIX = {0.5f, -1.5f, 0.25f, 0, 2, -0.75f, -3, 1, 0.125f, 0.1f, -0.2f, 0.3f};
  private static final float[] VECTOR = {0.5f, -1.5f, 0, 2};

  private static void check(Constraint constraint, float[] w, Shape shape, float... expected) {
    float[] values = new float[w.length + 3];
    Arrays.fill(values, 9);
    System.arraycopy(w, 0, values, 2, w.length);
    Weights.Slice slice = new Weights.Slice("d", "kernel", shape, 2);
    constraint.check(slice);
    constraint.apply(values, slice);
    assertTrue(values[0] == 9 && values[1] == 9 && values[values.length - 1] == 9);
    for (int i = 0; i < w.length; i++) {
      assertEquals(expected[i], values[2 + i], 2e-7f * Math.abs(expected[i]), "element " + i);
    }
  }

  private static void check(Constraint constraint, float... expected) {
    check(constraint, expected.length == 4 ? VECTOR : MATRIX, expected.length == 4 ? Shape.of(4) : Shape.of(4, 3), expected);
  }

  @Test
  void maxNorm() {
    check(Constraint.maxNorm(1.5), 0.246465296f, -0.833333254f, 0.24999997f, 0, 1.11111104f, -0.749999881f, -1.47879171f,
        0.555555522f, 0.124999985f, 0.0492930599f, -0.111111104f, 0.299999982f);
    check(Constraint.maxNorm(1.5), 0.294174194f, -0.882522583f, 0, 1.17669678f);
    check(new MinMaxNorm(0, 1.5, 1, 1), 0.468521237f, -1.40556371f, 0.234260619f, 0, 1.40449381f, -0.526685178f, -1.42191458f,
        0.473971516f, 0.0592464395f, 0.0999999791f, -0.199999958f, 0.299999952f);
  }

  @Test
  void unitNorm() {
    check(Constraint.unitNorm(), 0.164310202f, -0.555555522f, 0.292477638f, 0, 0.740740716f, -0.877432942f, -0.985861182f,
        0.370370358f, 0.146238819f, 0.0328620411f, -0.0740740746f, 0.350973189f);
    check(new UnitNorm(-1), 0.312347502f, -0.937042475f, 0.156173751f, 0, 0.936329186f, -0.351123452f, -0.947943032f,
        0.315981001f, 0.0394976251f, 0.267261147f, -0.534522295f, 0.801783502f);
    check(new UnitNorm(-1), 0.196116135f, -0.588348389f, 0, 0.784464538f);
  }

  @Test
  void minMaxNormGoesAPartOfTheWay() {
    check(new MinMaxNorm(0.8, 1.2, 0.7, 0), 0.288020581f, -0.916666746f, 0.24999994f, 0, 1.22222233f, -0.749999821f,
        -1.72812343f, 0.611111164f, 0.12499997f, 0.0576041155f, -0.122222237f, 0.299999952f);
    check(new MinMaxNorm(0.8, 1.2, 0.7, 0), 0.314737558f, -0.944212675f, 0, 1.25895023f);
  }

  @Test
  void nonNeg() {
    check(Constraint.nonNeg(), 0.5f, 0, 0.25f, 0, 2, 0, 0, 1, 0.125f, 0.1f, 0, 0.3f);
    check(Constraint.nonNeg(), 0.5f, 0, 0, 2);
  }

  /** By hand: lines of two elements, three apart. */
  @Test
  void anAxisInTheMiddleOfThree() {
    float[] w = {3, 6, 1, 4, 8, 0, 5, 0, 0, 12, 2, 0};
    check(new UnitNorm(1), w, Shape.of(2, 2, 3), 0.6f, 0.6f, 1, 0.8f, 0.8f, 0, 0.384615391f, 0, 0, 0.923076928f, 1, 0);
  }

  @Test
  void zerosStay() {
    check(Constraint.unitNorm(), new float[2], Shape.of(2), 0, 0);
    check(Constraint.minMaxNorm(0.5, 1), new float[2], Shape.of(2), 0, 0);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(RillException.class, () -> Constraint.maxNorm(-1));
    assertThrows(RillException.class, () -> Constraint.minMaxNorm(2, 1));
    assertThrows(RillException.class, () -> new MinMaxNorm(0, 1, 1.5, 0));
    assertThrows(UnsupportedException.class, () -> Constraint.named("radial"));
    Weights.Slice vector = new Weights.Slice("d", "bias", Shape.of(4), 0);
    assertTrue(assertThrows(RillException.class, () -> new UnitNorm(1).check(vector)).getMessage().contains("axis 1"));
    assertThrows(RillException.class, () -> new MinMaxNorm(0, 1, 1, -2).check(vector));
  }
}
