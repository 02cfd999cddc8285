package dev.rill.kernels;

import java.util.Arrays;

/**
 * States as the kernels see them. A plane is the array of one state variable of one recurrent layer, such as h or c,
 * [rows][units], with rows padded to {@link KernelChoice#PADDING}. Padding may hold anything finite and is never read into a
 * result.
 */
public final class Planes {
  private final int[] units;
  private final float[][] data;
  private final int rows;

  /**
   * Creates planes of zeros.
   *
   * @param units row lengths, one a plane
   * @param rows rows of every plane
   */
  public Planes(int[] units, int rows) {
    this(units.clone(), rows, new float[units.length][]);
    for (int p = 0; p < units.length; p++) {
      data[p] = new float[Math.multiplyExact(rows, stride(p))];
    }
  }

  private Planes(int[] units, int rows, float[][] data) {
    this.units = units;
    this.rows = rows;
    this.data = data;
  }

  /**
   * Bytes that planes take.
   *
   * @param units row lengths, one a plane
   * @param rows rows of every plane
   * @return bytes, padding included
   */
  public static long bytes(int[] units, int rows) {
    long floats = 0;
    for (int one : units) {
      floats += (long) rows * KernelChoice.padded(one);
    }
    return 4 * floats;
  }

  /**
   * Number of rows.
   *
   * @return rows of every plane
   */
  public int rows() {
    return rows;
  }

  /**
   * The array of one plane.
   *
   * @param plane index
   * @return the array itself
   */
  public float[] data(int plane) {
    return data[plane];
  }

  /**
   * Distance between rows.
   *
   * @param plane index
   * @return floats
   */
  public int stride(int plane) {
    return KernelChoice.padded(units[plane]);
  }

  /** Sets every row to zero. */
  public void reset() {
    for (float[] plane : data) {
      Arrays.fill(plane, 0);
    }
  }

  /**
   * Sets the first rows of every plane to zero.
   *
   * @param count how many
   */
  public void resetRows(int count) {
    for (int p = 0; p < data.length; p++) {
      Arrays.fill(data[p], 0, count * stride(p), 0);
    }
  }

  /**
   * Sets one plane to zero.
   *
   * @param plane index
   */
  public void resetPlane(int plane) {
    Arrays.fill(data[plane], 0);
  }

  /**
   * Sets one row of every plane to zero.
   *
   * @param row index
   */
  public void reset(int row) {
    for (int p = 0; p < data.length; p++) {
      Arrays.fill(data[p], row * stride(p), (row + 1) * stride(p), 0);
    }
  }

  /**
   * Copies one row of every plane over another.
   *
   * @param from row read
   * @param to row written
   */
  public void copy(int from, int to) {
    for (int p = 0; p < data.length; p++) {
      System.arraycopy(data[p], from * stride(p), data[p], to * stride(p), stride(p));
    }
  }

  /**
   * Planes of another number of rows; those that stay keep their values, new ones are zero. The arrays of planes never change, so
   * that who has found a row knows where it is.
   *
   * @param count new number of rows
   * @return new planes
   */
  public Planes resized(int count) {
    float[][] copies = new float[data.length][];
    for (int p = 0; p < data.length; p++) {
      copies[p] = Arrays.copyOf(data[p], Math.multiplyExact(count, stride(p)));
    }
    return new Planes(units, count, copies);
  }

  /**
   * Copies a plane out, without padding.
   *
   * @param plane index
   * @param to target, [rows][units]
   */
  public void get(int plane, float[] to) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(data[plane], row * stride(plane), to, row * units[plane], units[plane]);
    }
  }

  /**
   * Copies a plane in.
   *
   * @param plane index
   * @param from source, [rows][units]
   */
  public void set(int plane, float[] from) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, row * units[plane], data[plane], row * stride(plane), units[plane]);
    }
  }
}
