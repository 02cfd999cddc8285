package dev.rill.tensor;

import java.util.Arrays;

/**
 * Floats with a shape: a flat array, an offset, the stride of axis 0. Inner axes are dense and row-major, in Keras'
 * order (batch, time, features).
 *
 * <p>{@link #row}, {@link #rows} and {@link #steps} are views: they copy nothing and writing through one
 * shows in the other. The object itself never changes its array or shape.
 */
public final class Tensor {
  private final float[] data;
  private final int offset;
  private final int stride;
  private final Shape shape;

  private Tensor(float[] data, int offset, int stride, Shape shape) {
    this.data = data;
    this.offset = offset;
    this.stride = stride;
    this.shape = shape;
  }

  /**
   * Wraps an array; nothing is copied.
   *
   * @param data exactly as many floats as the shape has elements, row-major
   * @param axes sizes of the axes
   * @return the tensor
   * @throws ShapeException if the array has another length
   */
  public static Tensor of(float[] data, int... axes) {
    Shape shape = Shape.of(axes);
    if (shape.size() != data.length) {
      throw new ShapeException("a tensor of shape " + shape + " has " + shape.size() + " elements, the array has "
          + data.length);
    }
    return new Tensor(data, 0, inner(shape), shape);
  }

  /**
   * Converts integers, exactly.
   *
   * @param data exactly as many integers as the shape has elements, row-major
   * @param axes sizes of the axes
   * @return a tensor of its own memory
   * @throws ShapeException if the array has another length
   * @throws UnsupportedException if a value is not a float, that is beyond 2<sup>24</sup> and odd
   */
  public static Tensor of(int[] data, int... axes) {
    float[] floats = new float[data.length];
    for (int i = 0; i < data.length; i++) {
      floats[i] = data[i];
      if ((long) floats[i] != data[i]) {
        throw new UnsupportedException("the integer " + data[i] + " at " + i + " is not a float: only integers up to "
            + "2^24 are exact");
      }
    }
    return of(floats, axes);
  }

  /**
   * A tensor of zeros.
   *
   * @param axes sizes of the axes
   * @return a tensor of its own memory
   */
  public static Tensor zeros(int... axes) {
    Shape shape = Shape.of(axes);
    return new Tensor(new float[shape.size()], 0, inner(shape), shape);
  }

  private static int inner(Shape shape) {
    return shape.rank() < 2 ? 1 : shape.size() / Math.max(1, shape.axis(0));
  }

  /**
   * The shape.
   *
   * @return sizes, all known
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Number of elements.
   *
   * @return the product of all axes
   */
  public int size() {
    return shape.size();
  }

  /**
   * The array behind this tensor and its views.
   *
   * @return the array itself
   */
  public float[] array() {
    return data;
  }

  /**
   * Index in {@link #array()} of the first element.
   *
   * @return the offset
   */
  public int offset() {
    return offset;
  }

  /**
   * Distance in {@link #array()} between neighbours on axis 0.
   *
   * @return floats
   */
  public int stride() {
    return stride;
  }

  /**
   * One element.
   *
   * @param index one index an axis
   * @return its value
   * @throws ShapeException if an index is out of range
   */
  public float get(int... index) {
    return data[at(index)];
  }

  /**
   * Sets one element.
   *
   * @param value new value
   * @param index one index an axis
   * @throws ShapeException if an index is out of range
   */
  public void set(float value, int... index) {
    data[at(index)] = value;
  }

  private int at(int[] index) {
    if (index.length != shape.rank()) {
      throw new ShapeException(index.length + " indices for a tensor of shape " + shape);
    }
    int inside = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape.axis(axis)) {
        throw new ShapeException("index " + index[axis] + " on axis " + axis + " of a tensor of shape " + shape);
      }
      if (axis > 0) {
        inside = inside * shape.axis(axis) + index[axis];
      }
    }
    return offset + (index.length == 0 ? 0 : index[0] * stride) + inside;
  }

  /**
   * One row of axis 0, without that axis.
   *
   * @param row index
   * @return a view
   * @throws ShapeException if there is no such row
   */
  public Tensor row(int row) {
    Tensor one = rows(row, row + 1);
    Shape rest = Shape.of(Arrays.copyOfRange(shape.toArray(), 1, shape.rank()));
    return new Tensor(data, one.offset, inner(rest), rest);
  }

  /**
   * Some neighbouring rows of axis 0.
   *
   * @param from first row
   * @param to one behind the last
   * @return a view
   * @throws ShapeException if the range is not inside the axis
   */
  public Tensor rows(int from, int to) {
    check(0, from, to);
    return new Tensor(data, offset + from * stride, stride, shape.with(0, to - from));
  }

  /**
   * Some neighbouring time steps (axis 1) of every row.
   *
   * @param from first step
   * @param to one behind the last
   * @return a view
   * @throws ShapeException if the range is not inside the axis
   */
  public Tensor steps(int from, int to) {
    check(1, from, to);
    int step = 1;
    for (int axis = 2; axis < shape.rank(); axis++) {
      step *= shape.axis(axis);
    }
    return new Tensor(data, offset + from * step, stride, shape.with(1, to - from));
  }

  private void check(int axis, int from, int to) {
    if (shape.rank() <= axis || from < 0 || to < from || to > shape.axis(axis)) {
      throw new ShapeException("the range [" + from + ", " + to + ") on axis " + axis + " of a tensor of shape " + shape);
    }
  }

  /**
   * The elements, row-major and dense.
   *
   * @return a copy
   */
  public float[] toArray() {
    float[] copy = new float[size()];
    int rows = shape.rank() == 0 ? 1 : shape.axis(0);
    int width = rows == 0 ? 0 : copy.length / rows;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(data, offset + row * stride, copy, row * width, width);
    }
    return copy;
  }

  /** Returns the shape and the first values. */
  @Override
  public String toString() {
    float[] values = toArray();
    String some = Arrays.toString(Arrays.copyOf(values, Math.min(8, values.length)));
    return "Tensor" + shape + " " + (values.length > 8 ? some.replace("]", ", ...]") : some);
  }
}
