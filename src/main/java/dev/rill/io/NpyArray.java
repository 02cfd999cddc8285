package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A numpy array in memory: immutable, row-major, at most 2 GB, asked for as floats, doubles or longs.
 *
 * <p>Conversions are exact or refused. Each copies.
 */
public final class NpyArray {
  /** The NaN that is written, whichever came out of a computation. */
  private static final int CANONICAL_NAN = 0x7fc0_0000;

  private final String place;
  private final ElementType type;
  private final int[] shape;
  private final byte[] data;

  /** The shape and the data, little-endian and checked to be as long as the shape says, become the array's own. */
  NpyArray(String place, ElementType type, int[] shape, byte[] data) {
    this.place = place;
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * Makes a float32 array. NaNs become the canonical one.
   *
   * @param values row-major; copied
   * @param shape sizes of the axes, none for a scalar
   * @return the array
   * @throws ShapeException if the number of values is not what the shape says
   */
  public static NpyArray of(float[] values, int... shape) {
    ByteBuffer data = buffer(Require.given(values, "the values").length, ElementType.FLOAT32, shape);
    for (float value : values) {
      data.putInt(value == value ? Float.floatToRawIntBits(value) : CANONICAL_NAN);
    }
    return new NpyArray("array", ElementType.FLOAT32, shape.clone(), data.array());
  }

  /**
   * Makes an int64 array.
   *
   * @param values row-major; copied
   * @param shape sizes of the axes, none for a scalar
   * @return the array
   * @throws ShapeException if the number of values is not what the shape says
   */
  public static NpyArray of(long[] values, int... shape) {
    ByteBuffer data = buffer(Require.given(values, "the values").length, ElementType.INT64, shape);
    data.asLongBuffer().put(values);
    return new NpyArray("array", ElementType.INT64, shape.clone(), data.array());
  }

  /**
   * Makes a float32 array of a tensor. NaNs become the canonical one.
   *
   * @param tensor copied
   * @return the array
   */
  public static NpyArray of(Tensor tensor) {
    return of(Require.given(tensor, "the tensor").toArray(), tensor.shape().toArray());
  }

  /**
   * The elements and the shape as a tensor. As Keras does with its inputs, doubles are rounded to the nearest floats; integers must
   * be exact.
   *
   * @return of its own memory
   * @throws FormatException if an integer is not exactly a float: take {@link #longs()} then, and round as you see fit
   */
  public Tensor tensor() {
    if (type != ElementType.FLOAT64) {
      return Tensor.of(floats(), shape);
    }
    float[] values = HeapRoom.floats(size(), place);
    type.floats(bytes(), values, 0, values.length);
    return Tensor.of(values, shape);
  }

  /**
   * What the elements are.
   *
   * @return their type in the file
   */
  public ElementType type() {
    return type;
  }

  /**
   * The sizes of the axes.
   *
   * @return a copy, empty for a scalar
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * The number of elements.
   *
   * @return the product of the shape
   */
  public int size() {
    return data.length / type.bytes();
  }

  /**
   * The elements as floats.
   *
   * @return a new array, row-major
   * @throws FormatException if one of them is not exactly a float: take {@link #doubles()} or {@link #longs()} then,
   *     and round as you see fit
   */
  public float[] floats() {
    float[] values = HeapRoom.floats(size(), place);
    requireExact(type.floats(bytes(), values, 0, values.length), "float32", "doubles() or longs()");
    return values;
  }

  /**
   * The elements as doubles.
   *
   * @return a new array, row-major
   * @throws FormatException if one of them is an integer beyond 2^53 that is not a double: take {@link #longs()} then
   */
  public double[] doubles() {
    double[] values = HeapRoom.doubles(size(), place);
    requireExact(type.doubles(bytes(), values, 0, values.length), "float64", "longs()");
    return values;
  }

  /**
   * The elements as longs.
   *
   * @return a new array, row-major; truth values are 0 and 1
   * @throws FormatException if the elements are floating-point numbers: take {@link #doubles()} then
   */
  public long[] longs() {
    if (type.floating()) {
      throw new FormatException(place + ": expected integers, found " + type
          + ": take doubles(), or convert it in numpy with .astype('<i8')");
    }
    long[] values = HeapRoom.longs(size(), place);
    type.longs(bytes(), values, 0, values.length);
    return values;
  }

  /** Returns the type and the shape. */
  @Override
  public String toString() {
    return "NpyArray of " + type + ' ' + Arrays.toString(shape);
  }

  /** The elements as they are in the file, read-only. */
  ByteBuffer bytes() {
    return ByteBuffer.wrap(data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void requireExact(int rounded, String wanted, String instead) {
    if (rounded >= 0) {
      throw new FormatException(place + ": element " + rounded + " of the " + type + " array of shape "
          + Arrays.toString(shape) + " is not exactly a " + wanted + ": take " + instead
          + ", or round it in numpy with .astype('<f4')");
    }
  }

  private static ByteBuffer buffer(int values, ElementType type, int[] shape) {
    if (HeapRoom.elements(shape, "the array") != values) {
      throw new ShapeException("an array of shape " + Arrays.toString(shape) + " cannot be made of " + values
          + " values");
    }
    byte[] data = HeapRoom.bytes((long) values * type.bytes(), "an array of shape " + Arrays.toString(shape));
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }
}
