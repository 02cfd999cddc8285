package dev.rill.io;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import java.nio.ByteBuffer;

/**
 * What one element of a stored array is, and how to turn little-endian bytes into Java numbers.
 *
 * <p>The conversions round to the nearest (ties to even) and say where they first had to; whether that is an error
 * is for the caller to judge.
 */
public enum ElementType {
  /** IEEE binary16. */
  FLOAT16(2, true),
  /** The upper half of a binary32. */
  BFLOAT16(2, true),
  /** IEEE binary32. */
  FLOAT32(4, true),
  /** IEEE binary64. */
  FLOAT64(8, true),
  /** Signed, one byte. */
  INT8(1, false),
  /** Unsigned, one byte. */
  UINT8(1, false),
  /** Signed, two bytes. */
  INT16(2, false),
  /** Unsigned, two bytes. */
  UINT16(2, false),
  /** Signed, four bytes. */
  INT32(4, false),
  /** Unsigned, four bytes. */
  UINT32(4, false),
  /** Signed, eight bytes. */
  INT64(8, false),
  /** One byte: 0 is false, anything else true; reads as 0 and 1. */
  BOOL(1, false);

  private final int bytes;
  private final boolean floating;

  ElementType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /**
   * The size of an element.
   *
   * @return its bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Whether elements are floating-point numbers.
   *
   * @return false for integers and truth values
   */
  public boolean floating() {
    return floating;
  }

  /**
   * Converts elements to floats. FLOAT32 is copied bit by bit at the speed of memory.
   *
   * @param source little-endian elements from its position on, which advances
   * @param target receives them
   * @param at index of the first one in the target
   * @param count how many
   * @return the index in the target of the first element that had to be rounded, −1 if there is none
   */
  public int floats(ByteBuffer source, float[] target, int at, int count) {
    check(source, Require.given(target, "the array to fill").length, at, count);
    if (this == FLOAT32) {
      source.asFloatBuffer().get(target, at, count);
      source.position(source.position() + count * bytes);
      return -1;
    }
    int rounded = -1;
    for (int i = at; i < at + count; i++) {
      if (floating) {
        double value = floatingPoint(source);
        target[i] = (float) value;
        // NaN is not equal to itself, and stays NaN.
        if (rounded < 0 && target[i] != value && value == value) {
          rounded = i;
        }
      } else {
        long value = integer(source);
        target[i] = value;
        if (rounded < 0 && ((long) target[i] != value || value == Long.MAX_VALUE)) {
          rounded = i;
        }
      }
    }
    return rounded;
  }

  /**
   * Converts elements to doubles.
   *
   * @param source little-endian elements from its position on, which advances
   * @param target receives them
   * @param at index of the first one in the target
   * @param count how many
   * @return the index in the target of the first element that had to be rounded, −1 if there is none
   */
  public int doubles(ByteBuffer source, double[] target, int at, int count) {
    check(source, Require.given(target, "the array to fill").length, at, count);
    int rounded = -1;
    for (int i = at; i < at + count; i++) {
      if (floating) {
        target[i] = floatingPoint(source);
      } else {
        long value = integer(source);
        target[i] = value;
        if (rounded < 0 && ((long) target[i] != value || value == Long.MAX_VALUE)) {
          rounded = i;
        }
      }
    }
    return rounded;
  }

  /**
   * Converts integers or truth values to longs, always exactly.
   *
   * @param source little-endian elements from its position on, which advances
   * @param target receives them
   * @param at index of the first one in the target
   * @param count how many
   * @throws RillException if the elements are floating-point numbers
   */
  public void longs(ByteBuffer source, long[] target, int at, int count) {
    if (floating) {
      throw new RillException("elements of the type " + this + " are no integers");
    }
    check(source, Require.given(target, "the array to fill").length, at, count);
    for (int i = at; i < at + count; i++) {
      target[i] = integer(source);
    }
  }

  private void check(ByteBuffer source, int room, int at, int count) {
    if (at < 0 || count < 0 || count > room - at) {
      throw new ShapeException(count + " elements from " + at + " on of an array of " + room);
    }
    if ((long) count * bytes > Require.given(source, "the bytes of elements").remaining()) {
      throw new ShapeException(count + " elements of the type " + this + " take " + (long) count * bytes + " bytes, there are "
          + source.remaining());
    }
  }

  private double floatingPoint(ByteBuffer source) {
    return switch (this) {
      case FLOAT16 -> half(source.getShort());
      case BFLOAT16 -> Float.intBitsToFloat(source.getShort() << 16);
      case FLOAT32 -> source.getFloat();
      case FLOAT64 -> source.getDouble();
      default -> throw new IllegalStateException(this + " is not a floating-point type");
    };
  }

  private long integer(ByteBuffer source) {
    return switch (this) {
      case INT8 -> source.get();
      case UINT8 -> source.get() & 0xff;
      case INT16 -> source.getShort();
      case UINT16 -> source.getShort() & 0xffff;
      case INT32 -> source.getInt();
      case UINT32 -> source.getInt() & 0xffff_ffffL;
      case INT64 -> source.getLong();
      case BOOL -> source.get() == 0 ? 0 : 1;
      default -> throw new IllegalStateException(this + " is not an integer type");
    };
  }

  private static float half(short bits) {
    int sign = bits << 16 & 0x8000_0000;
    int magnitude = bits & 0x7fff;
    if (magnitude >= 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f80_0000 | (magnitude & 0x3ff) << 13);
    }
    // The exponent moves to its place in a binary32, too small by 112: the product makes up for it, for subnormals too.
    return Float.intBitsToFloat(sign | magnitude << 13) * 0x1p112f;
  }
}
