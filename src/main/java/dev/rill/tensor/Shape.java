package dev.rill.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor's axes in Keras' order (batch, time, features); {@link #UNKNOWN} is an axis whose size
 * only the data tells, {@code None} in Keras. Immutable.
 */
public final class Shape {
  /** An axis of any size. */
  public static final int UNKNOWN = -1;

  private final int[] axes;

  private Shape(int[] axes) {
    this.axes = axes;
  }

  /**
   * Creates a shape.
   *
   * @param axes sizes, each at least 0 or {@link #UNKNOWN}
   * @return the shape
   * @throws ShapeException if a size is negative and not {@link #UNKNOWN}
   */
  public static Shape of(int... axes) {
    for (int axis : Require.given(axes, "the axes of a shape")) {
      if (axis < UNKNOWN) {
        throw new ShapeException("an axis has " + axis + " elements: expected 0 or more, or Shape.UNKNOWN (-1)");
      }
    }
    return new Shape(axes.clone());
  }

  /**
   * Number of axes.
   *
   * @return the rank
   */
  public int rank() {
    return axes.length;
  }

  /**
   * Size of one axis.
   *
   * @param axis index; negative counts from the end
   * @return size or {@link #UNKNOWN}
   * @throws ShapeException if there is no such axis
   */
  public int axis(int axis) {
    return axes[index(axis)];
  }

  private int index(int axis) {
    int index = axis < 0 ? axes.length + axis : axis;
    if (index < 0 || index >= axes.length) {
      throw new ShapeException("there is no axis " + axis + " in the shape " + this);
    }
    return index;
  }

  /**
   * Whether every size is known.
   *
   * @return true if no axis is {@link #UNKNOWN}
   */
  public boolean known() {
    for (int axis : axes) {
      if (axis == UNKNOWN) {
        return false;
      }
    }
    return true;
  }

  /**
   * Number of elements.
   *
   * @return the product of all axes, 1 for rank 0
   * @throws ShapeException if it exceeds 2<sup>31</sup> − 1 or an axis is unknown
   */
  public int size() {
    long size = elements();
    if (size > Integer.MAX_VALUE) {
      throw new ShapeException("a tensor of shape " + this + " has more than 2^31 - 1 elements; split it");
    }
    return (int) size;
  }

  /**
   * Number of elements, whether an array could hold them or not.
   *
   * @return the product of all axes, 1 for rank 0; {@link Long#MAX_VALUE} if it exceeds that
   * @throws ShapeException if an axis is unknown
   */
  public long elements() {
    long size = 1;
    boolean empty = false;
    for (int axis : axes) {
      if (axis == UNKNOWN) {
        throw new ShapeException("the number of elements of " + this + " is not known");
      }
      empty |= axis == 0;
      size = size > Long.MAX_VALUE / Math.max(axis, 1) ? Long.MAX_VALUE : size * Math.max(axis, 1);
    }
    return empty ? 0 : size;
  }

  /**
   * This shape with one axis changed.
   *
   * @param axis index; negative counts from the end
   * @param size new size or {@link #UNKNOWN}
   * @return another shape
   * @throws ShapeException if there is no such axis, or the size is negative and not {@link #UNKNOWN}
   */
  public Shape with(int axis, int size) {
    int[] changed = axes.clone();
    changed[index(axis)] = size;
    return of(changed);
  }

  /**
   * Whether batches of any size fit: as {@link #accepts}, but for axis 0.
   *
   * @param other a shape
   * @return true if it has the same rank and every known axis but the first agrees
   */
  public boolean acceptsBatch(Shape other) {
    return accepts(other, 1);
  }

  /**
   * Whether data of the other shape may stand where this one is asked for: equal ranks, and equal sizes
   * wherever this shape knows them.
   *
   * @param data the shape of some data
   * @return true if it fits
   */
  public boolean accepts(Shape data) {
    return accepts(data, 0);
  }

  /**
   * Whether something may have both shapes: equal ranks, and equal sizes wherever both know them, the batch aside.
   *
   * @param other another shape
   * @return true if nothing speaks against it
   */
  public boolean meets(Shape other) {
    if (axes.length != Require.given(other, "the other shape").axes.length) {
      return false;
    }
    for (int i = 1; i < axes.length; i++) {
      if (axes[i] != UNKNOWN && other.axes[i] != UNKNOWN && axes[i] != other.axes[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean accepts(Shape data, int firstAxis) {
    if (axes.length != Require.given(data, "the shape to compare with").axes.length) {
      return false;
    }
    for (int i = firstAxis; i < axes.length; i++) {
      if (axes[i] != UNKNOWN && axes[i] != data.axes[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The sizes.
   *
   * @return a copy
   */
  public int[] toArray() {
    return axes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape && Arrays.equals(axes, ((Shape) other).axes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(axes);
  }

  /** Returns the shape as Keras prints it: {@code (None, 10, 16)}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < axes.length; i++) {
      text.append(i == 0 ? "" : ", ").append(axes[i] == UNKNOWN ? "None" : String.valueOf(axes[i]));
    }
    return text.append(axes.length == 1 ? ",)" : ")").toString();
  }
}
