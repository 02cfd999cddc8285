package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Samples;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** What becomes of one weight in fewer bits. */
class ReducedNumbersTest {
  private static float rounded(float value) {
    return Bfloat16.widen(Bfloat16.of(value));
  }

  /** The nearer of both neighbours in exact decimals; of two as near, the one whose last bit is 0. */
  private static int nearest(float value) {
    int below = Float.floatToRawIntBits(value) >>> 16;
    BigDecimal exact = new BigDecimal(value);
    BigDecimal down = exact.subtract(new BigDecimal(Bfloat16.widen(below))).abs();
    BigDecimal up = exact.subtract(new BigDecimal(Bfloat16.widen(below + 1))).abs();
    int order = down.compareTo(up);
    return order < 0 || order == 0 && below % 2 == 0 ? below : below + 1;
  }

  @Test
  void bfloat16IsTheNearestAndOfTwoTheEvenOne() {
    for (int i = 0; i < 20_000; i++) {
      float value = Float.intBitsToFloat(i * 214_013 + 2_531_011);
      // The largest binade has no finite neighbour above.
      if (Math.abs(value) < 0x1p127f) {
        assertEquals(nearest(value), Bfloat16.of(value), "of " + value);
      }
    }
    for (int upper = 0; upper < 0x7f00; upper += 97) {
      float tie = Float.intBitsToFloat(upper << 16 | 0x8000);
      assertEquals(nearest(tie), Bfloat16.of(tie), "tie " + tie);
      assertEquals(upper, Bfloat16.of(Float.intBitsToFloat(upper << 16 | 0x7fff)));
      assertEquals(upper + 1, Bfloat16.of(Float.intBitsToFloat(upper << 16 | 0x8001)));
    }
  }

  @Test
  void everyBfloat16ComesBackAsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Bfloat16.widen(bits);
      if (value == value) {
        assertEquals(bits, Bfloat16.of(value));
      }
    }
  }

  @Test
  void bfloat16KeepsZerosInfinitiesAndNaN() {
    assertEquals(0, Bfloat16.of(0));
    assertEquals(0x8000, Bfloat16.of(-0.0f));
    assertEquals(Float.POSITIVE_INFINITY, rounded(Float.POSITIVE_INFINITY));
    assertEquals(Float.NEGATIVE_INFINITY, rounded(Float.NEGATIVE_INFINITY));
    assertTrue(Float.isNaN(rounded(Float.NaN)));
    // A payload that lies in the lower half only, and one that rounding would carry into the sign.
    assertTrue(Float.isNaN(rounded(Float.intBitsToFloat(0x7f800001))));
    assertTrue(Float.isNaN(rounded(Float.intBitsToFloat(0x7fffffff))));
    assertTrue(Float.isNaN(rounded(Float.intBitsToFloat(0xffffffff))));
  }

  @Test
  void bfloat16BeyondTheLargestFiniteValueIsInfinite() {
    float largest = Float.intBitsToFloat(0x7f7f0000);
    assertEquals(largest, rounded(Float.intBitsToFloat(0x7f7f7fff)));
    assertEquals(Float.POSITIVE_INFINITY, rounded(Float.intBitsToFloat(0x7f7f8000)));
    assertEquals(Float.NEGATIVE_INFINITY, rounded(-Float.MAX_VALUE));
  }

  private static float scale(float... group) {
    float largest = 0;
    for (float weight : group) {
      largest = Int8.magnitude(largest, weight);
    }
    return Int8.scale(largest);
  }

  @Test
  void int8IsOffByHalfAScaleAtMost() {
    for (int seed = 0; seed < 50; seed++) {
      float[] group = Samples.floats(seed, 40, 3);
      float scale = scale(group);
      int largest = 0;
      for (float weight : group) {
        int q = Int8.of(weight, scale);
        assertEquals(weight, q * (double) scale, 0.5001 * scale);
        largest = Math.max(largest, Math.abs(q));
      }
      assertEquals(127, largest, "the largest weight takes the whole range");
    }
  }

  @Test
  void int8RoundsTiesToEvenAndIsSymmetric() {
    float scale = scale(127, 1);
    assertEquals(1, scale);
    assertEquals(2, Int8.of(2.5f, scale));
    assertEquals(4, Int8.of(3.5f, scale));
    assertEquals(-2, Int8.of(-2.5f, scale));
    assertEquals(-127, Int8.of(-127, scale));
  }

  @Test
  void aGroupOfZerosOrOfTheSmallestNumbersStaysInRange() {
    assertEquals(0, scale(0, -0.0f));
    assertEquals(0, Int8.of(0, 0));
    assertEquals(0, Int8.factor(-0.0f, 0));
    for (int ulps = 1; ulps < 1000; ulps++) {
      float weight = ulps * Float.MIN_VALUE;
      int q = Int8.of(weight, scale(weight));
      assertTrue(q >= 0 && q <= 127, ulps + " ulps give " + q);
    }
  }

  /** An infinite input would make NaN of it, where float32 has an infinity: by itself, and with a scale of 0. */
  @Test
  void aWeightThatIsNotZeroIsNowhereZeroInAKernel() {
    float[] magnitudes = {Float.MIN_VALUE, 40 * Float.MIN_VALUE, 63 * Float.MIN_VALUE, Float.MIN_NORMAL, 1e-20f, 1, Float.MAX_VALUE};
    for (float largest : magnitudes) {
      for (float weight : magnitudes) {
        float scale = scale(weight, largest);
        assertTrue(Int8.factor(weight, scale) * scale > 0, weight + " beside " + largest);
        assertTrue(Int8.factor(-weight, scale) * scale < 0, -weight + " beside " + largest);
      }
    }
  }

  @Test
  void aGroupThatIsNotFiniteHasTheScaleNaN() {
    for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertTrue(Float.isNaN(scale(odd)));
      assertTrue(Float.isNaN(scale(1, odd, 2)));
    }
    assertTrue(scale(Float.MAX_VALUE, -Float.MAX_VALUE) > 0);
  }

  @Test
  void tablesGiveBackWhatTheirNumbersHold() {
    float[] weights = Samples.floats(3, 2 + 5 * 7, 2);
    float[] read = new float[9];
    for (int row = 0; row < 5; row++) {
      float[] own = new float[7];
      System.arraycopy(weights, 2 + row * 7, own, 0, 7);
      float scale = scale(own);
      for (WeightFormat format : WeightFormat.values()) {
        Table.of(format, weights, 2, 5, 7).read(row, read, 1);
        float[] expected = new float[9];
        for (int j = 0; j < 7; j++) {
          expected[1 + j] = switch (format) {
            case FLOAT32 -> own[j];
            case BFLOAT16 -> rounded(own[j]);
            case INT8 -> Int8.of(own[j], scale) * scale;
          };
        }
        assertArrayEquals(expected, read, format + ", row " + row);
      }
    }
    assertEquals(4 * 35, Table.of(WeightFormat.FLOAT32, weights, 2, 5, 7).bytes());
    assertEquals(2 * 35, Table.of(WeightFormat.BFLOAT16, weights, 2, 5, 7).bytes());
    assertEquals(35 + 4 * 5, Table.of(WeightFormat.INT8, weights, 2, 5, 7).bytes());
  }
}
