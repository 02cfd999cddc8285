package dev.rill.keras;

import dev.rill.io.HeapRoom;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Writer;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.io.IOException;

/**
 * A variable as a Keras file keeps it: float32 or int64 numbers of some shape. What an optimizer remembers is a list of
 * them: iterations, the learning rate unless a schedule gives it, then its slots in Keras' order.
 */
public final class KerasVariable {
  private final Shape shape;
  private final float[] floats;
  private final int at;
  private final long[] integers;

  private KerasVariable(Shape shape, float[] floats, int at, long[] integers) {
    this.shape = shape;
    this.floats = floats;
    this.at = at;
    this.integers = integers;
  }

  /**
   * An int64 scalar.
   *
   * @param value such as a number of iterations
   * @return the variable
   */
  public static KerasVariable of(long value) {
    return new KerasVariable(Shape.of(), null, 0, new long[] {value});
  }

  /**
   * A float32 scalar.
   *
   * @param value such as a learning rate
   * @return the variable
   */
  public static KerasVariable of(float value) {
    return new KerasVariable(Shape.of(), new float[] {value}, 0, null);
  }

  /**
   * A float32 array, which may be a part of a larger one.
   *
   * @param shape sizes of the axes, all known
   * @param values not copied, and not to be changed before the variable has been written
   * @param at index of its first element
   * @return the variable
   * @throws ShapeException if the shape takes more values than there are from that index
   */
  public static KerasVariable of(Shape shape, float[] values, int at) {
    Require.given(shape, "the shape of a variable");
    if (at < 0 || at > Require.given(values, "the values of a variable").length || shape.size() > values.length - at) {
      throw new ShapeException("a variable of shape " + shape + " does not fit into " + values.length
          + " values from index " + at);
    }
    return new KerasVariable(shape, values, at, null);
  }

  static KerasVariable read(Hdf5Dataset data) throws IOException {
    Shape shape = Shape.of(data.shape());
    if (!data.type().floating()) {
      return new KerasVariable(shape, null, 0, data.longs());
    }
    float[] values = HeapRoom.floats(data.size(), "the variable " + data.path() + " of an optimizer");
    data.floats(values, 0);
    return new KerasVariable(shape, values, 0, null);
  }

  /**
   * The sizes of the axes.
   *
   * @return rank 0 for a scalar
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Whether the numbers are integers.
   *
   * @return true for int64, false for float32
   */
  public boolean integer() {
    return integers != null;
  }

  /**
   * The value of an integer scalar.
   *
   * @return such as a number of iterations
   * @throws FormatException if it is something else
   */
  public long longValue() {
    if (integers == null || integers.length != 1) {
      throw new FormatException("expected one integer, found " + this);
    }
    return integers[0];
  }

  /**
   * Copies the numbers.
   *
   * @param target receives them
   * @param from index of the first one in the target
   * @throws FormatException if they are integers
   * @throws ShapeException if the target is too short
   */
  public void floats(float[] target, int from) {
    Require.given(target, "the array to copy to");
    if (floats == null) {
      throw new FormatException("expected float32 numbers, found " + this);
    }
    if (from < 0 || from > target.length || shape.size() > target.length - from) {
      throw new ShapeException(this + " does not fit into an array of " + target.length + " from index " + from);
    }
    System.arraycopy(floats, at, target, from, shape.size());
  }

  /** Adds the numbers to a file that is being made. */
  void write(Hdf5Writer file, String path) {
    if (integers != null) {
      file.dataset(path, shape, integers);
    } else {
      file.dataset(path, shape, floats, at);
    }
  }

  @Override
  public String toString() {
    return "a variable of shape " + shape + (integers == null ? " (float32)" : " (int64)");
  }
}
