package dev.rill.kernels;

/** Matrices whose rows become columns. */
public final class Transposition {
  private Transposition() {}

  /**
   * Copies a matrix, transposed. Eight rows go at a time: the compiler knows where each is, and whole columns would push each other
   * out of the cache.
   *
   * @param from [rows][columns]
   * @param at index of its first element
   * @param stride distance between its rows
   * @param rows number of rows
   * @param columns number of columns
   * @param to becomes [columns][rows]
   * @param toAt index of its first element
   * @param toStride distance between its rows
   */
  public static void copy(float[] from, int at, int stride, int rows, int columns, float[] to, int toAt, int toStride) {
    int r = 0;
    for (; r + 8 <= rows; r += 8) {
      final int p0 = at + r * stride;
      final int p1 = p0 + stride;
      final int p2 = p1 + stride;
      final int p3 = p2 + stride;
      final int p4 = p3 + stride;
      final int p5 = p4 + stride;
      final int p6 = p5 + stride;
      final int p7 = p6 + stride;
      for (int i = 0, q = toAt + r; i < columns; i++, q += toStride) {
        to[q] = from[p0 + i];
        to[q + 1] = from[p1 + i];
        to[q + 2] = from[p2 + i];
        to[q + 3] = from[p3 + i];
        to[q + 4] = from[p4 + i];
        to[q + 5] = from[p5 + i];
        to[q + 6] = from[p6 + i];
        to[q + 7] = from[p7 + i];
      }
    }
    for (; r < rows; r++) {
      for (int i = 0, q = toAt + r, p = at + r * stride; i < columns; i++, q += toStride) {
        to[q] = from[p + i];
      }
    }
  }
}
