package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ElementTypeTest {
  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float one(ElementType type, long bits) {
    float[] target = new float[2];
    type.floats(buffer(8).putLong(bits).rewind(), target, 1, 1);
    return target[1];
  }

  @Test
  void everyHalfHasItsValue() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      int mantissa = bits & 1023;
      double magnitude = exponent == 0 ? mantissa * 0x1p-24
          : exponent < 31 ? Math.scalb(1024 + mantissa, exponent - 25)
          : mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      double expected = bits >> 15 == 0 ? magnitude : -magnitude;
      assertEquals((float) expected, one(ElementType.FLOAT16, bits), 0, "half " + bits);
    }
    assertEquals(-0.0f, one(ElementType.FLOAT16, 0x8000));
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() {
    assertEquals(1, one(ElementType.BFLOAT16, 0x3f80));
    assertEquals(-3.140625f, one(ElementType.BFLOAT16, 0xc049));
    assertEquals(Float.POSITIVE_INFINITY, one(ElementType.BFLOAT16, 0x7f80));
    assertTrue(Float.isNaN(one(ElementType.BFLOAT16, 0x7fc0)));
  }

  @Test
  void signsOfIntegersAreKept() {
    long[] target = new long[1];
    ElementType[] types = {ElementType.INT8, ElementType.UINT8, ElementType.INT16, ElementType.UINT16,
        ElementType.INT32, ElementType.UINT32, ElementType.INT64, ElementType.BOOL};
    long[] expected = {-1, 255, -1, 65535, -1, 4294967295L, -1, 1};
    for (int i = 0; i < types.length; i++) {
      types[i].longs(buffer(8).putLong(-1).rewind(), target, 0, 1);
      assertEquals(expected[i], target[0], types[i].name());
    }
  }

  @Test
  void firstRoundedElementIsReported() {
    ByteBuffer doubles = buffer(40).putDouble(1.5).putDouble(Double.NaN).putDouble(1e300).putDouble(0.1).rewind();
    assertEquals(2, ElementType.FLOAT64.floats(doubles, new float[4], 0, 4));
    ByteBuffer longs = buffer(24).putLong(1 << 24).putLong((1 << 24) + 1).rewind();
    assertEquals(1, ElementType.INT64.floats(longs, new float[2], 0, 2));
    assertEquals(0, ElementType.INT64.floats(buffer(8).putLong(Long.MAX_VALUE).rewind(), new float[1], 0, 1));
    assertEquals(0, ElementType.INT64.doubles(buffer(8).putLong(Long.MAX_VALUE).rewind(), new double[1], 0, 1));
    assertEquals(-1, ElementType.INT64.floats(buffer(8).putLong(Long.MIN_VALUE).rewind(), new float[1], 0, 1));
  }

  @Test
  void floatingPointIsNotReadAsIntegers() {
    assertThrows(RillException.class, () -> ElementType.FLOAT32.longs(buffer(4), new long[1], 0, 1));
  }
}
