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
  /** Values in {@link #toString()}. */
  private static final int SHOWN = 8;

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
    if (shape.size() != Require.given(data, "the data of a tensor").length) {
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
    float[] floats = Memory.floats(Require.given(data, "the data of a tensor").length, "a tensor");
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
   * @throws ShapeException if an axis is not known, or an array cannot hold as many elements
   * @throws RillException if they do not fit into the heap
   */
  public static Tensor zeros(int... axes) {
    Shape shape = Shape.of(axes);
    return new Tensor(Memory.floats(shape.size(), "a tensor of shape " + shape), 0, inner(shape), shape);
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
   * Sets one element: the value comes last, so that Kotlin writes {@code t[i, j] = v}.
   *
   * @param index one index an axis
   * @param value new value
   * @throws ShapeException if an index is out of range
   */
  public void set(int[] index, float value) {
    data[at(index)] = value;
  }

  /**
   * Sets one element of a tensor with one axis.
   *
   * @param i its index
   * @param value new value
   * @throws ShapeException if the index is out of range, or there are other axes
   */
  public void set(int i, float value) {
    set(new int[] {i}, value);
  }

  /**
   * Sets one element of a tensor with two axes.
   *
   * @param i index on the first axis
   * @param j on the second
   * @param value new value
   * @throws ShapeException if an index is out of range, or there are other axes
   */
  public void set(int i, int j, float value) {
    set(new int[] {i, j}, value);
  }

  /**
   * Sets one element of a tensor with three axes.
   *
   * @param i index on the first axis, such as the row
   * @param j on the second, such as the time step
   * @param k on the third
   * @param value new value
   * @throws ShapeException if an index is out of range, or there are other axes
   */
  public void set(int i, int j, int k, float value) {
    set(new int[] {i, j, k}, value);
  }

  private int at(int[] index) {
    if (Require.given(index, "the indices of an element").length != shape.rank()) {
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
   * @throws RillException if it does not fit into the heap
   */
  public float[] toArray() {
    float[] copy = Memory.floats(size(), "a copy of a tensor of shape " + shape);
    int width = width();
    for (int row = 0; row < rows(); row++) {
      System.arraycopy(data, offset + row * stride, copy, row * width, width);
    }
    return copy;
  }

  /** Neighbours in the array, which {@link #stride} leads from one to the next; none if there are no elements. */
  private int rows() {
    return size() == 0 ? 0 : shape.rank() == 0 ? 1 : shape.axis(0);
  }

  /** Elements of each of them. */
  private int width() {
    return size() / Math.max(1, rows());
  }

  /**
   * Whether this tensor and another are views that have an element in common.
   *
   * @param other a tensor
   * @return true if writing to one may change the other
   */
  public boolean overlaps(Tensor other) {
    if (data != Require.given(other, "the other tensor").data) {
      return false;
    }
    int width = width();
    int otherWidth = other.width();
    // Rows of both come in the order of the array.
    for (int row = 0, its = 0; row < rows() && its < other.rows(); ) {
      int at = offset + row * stride;
      int from = other.offset + its * other.stride;
      if (at + width <= from) {
        row++;
      } else if (from + otherWidth <= at) {
        its++;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Equal shapes and, at this moment, equal elements: −0 is another than 0, every NaN is the same. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Tensor tensor) || !shape.equals(tensor.shape)) {
      return false;
    }
    int width = width();
    for (int row = 0; row < rows(); row++) {
      int at = offset + row * stride;
      int from = tensor.offset + row * tensor.stride;
      if (!Arrays.equals(data, at, at + width, tensor.data, from, from + width)) {
        return false;
      }
    }
    return true;
  }

  /** Of shape and elements: a tensor that is written to is no key of a map. */
  @Override
  public int hashCode() {
    int hash = shape.hashCode();
    int width = width();
    for (int row = 0; row < rows(); row++) {
      for (int i = offset + row * stride, end = i + width; i < end; i++) {
        hash = 31 * hash + Float.floatToIntBits(data[i]);
      }
    }
    return hash;
  }

  /** Returns the shape and the first values. */
  @Override
  public String toString() {
    int width = width();
    int shown = Math.min(SHOWN, size());
    float[] some = new float[shown];
    for (int i = 0; i < shown; i++) {
      some[i] = data[offset + i / width * stride + i % width];
    }
    String values = Arrays.toString(some);
    return "Tensor" + shape + " " + (size() > shown ? values.replace("]", ", ...]") : values);
  }
}
