package dev.rill.kernels;

import static dev.rill.Samples.specials;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The emulated fused multiply-add equals the real one to the bit. */
class FmaTest {
  private static void check(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float actual = Fma.exact(a, b, c);
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
      assertEquals(Float.toHexString(expected), Float.toHexString(actual),
          "fma(" + Float.toHexString(a) + ", " + Float.toHexString(b) + ", " + Float.toHexString(c) + ")");
    }
  }

  @Test
  void equalsTheInstructionOnSpecialNumbers() {
    float[] all = specials();
    for (float a : all) {
      for (float b : all) {
        for (float c : all) {
          check(a, b, c);
        }
      }
    }
  }

  @Test
  void equalsTheInstructionOnAnyBits() {
    Random random = new Random(1);
    for (int i = 0; i < 300_000; i++) {
      check(Float.intBitsToFloat(random.nextInt()), Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()));
    }
  }

  @Test
  void equalsTheInstructionWhereTheSumNearlyCancels() {
    Random random = new Random(2);
    for (int i = 0; i < 300_000; i++) {
      float a = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(41) - 20);
      float b = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(41) - 20);
      float c = -a * b;
      check(a, b, Float.intBitsToFloat(Float.floatToRawIntBits(c) + random.nextInt(5) - 2));
    }
  }

  @Test
  void equalsTheInstructionWhereTheSumIsHalfWayBetweenTwoFloats() {
    Random random = new Random(3);
    for (int i = 0; i < 300_000; i++) {
      // The product ends exactly half an ulp of the sum below it, or a tiny bit beside that.
      float c = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(60) - 30);
      float half = Math.ulp(c) / 2 * (random.nextBoolean() ? 1 : -1);
      float nearly = 1 + (random.nextInt(3) - 1) * 0x1p-23f;
      check(half, nearly, c);
      check(half * 0x1.000002p0f, 0x1.fffffep-1f, c);
    }
  }

  @Test
  void equalsTheInstructionWhereTheResultIsSubnormalOrOverflows() {
    Random random = new Random(4);
    for (int i = 0; i < 300_000; i++) {
      float a = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, -70 - random.nextInt(12));
      float b = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, -60 - random.nextInt(15));
      check(a, b, Float.intBitsToFloat(random.nextInt(1 << 24) | random.nextInt(2) << 31));
      float huge = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, 60 + random.nextInt(5));
      check(huge, Math.scalb(huge, 1), Math.scalb(-huge, 63));
    }
  }
}
