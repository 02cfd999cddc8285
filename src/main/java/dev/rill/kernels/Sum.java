package dev.rill.kernels;

/**
 * Sums across the units of a row: element {@code j} goes into partial {@code j mod 16}, and the partials are joined in
 * order. So the result does not depend on the width of a vector.
 */
final class Sum {
  static final int PARTIALS = 16;

  private Sum() {}

  /** Returns the sum of {@code a[at..at+n)}. */
  static float of(float[] a, int at, int n) {
    float sum = 0;
    for (int partial = 0; partial < PARTIALS; partial++) {
      float one = 0;
      for (int j = at + partial; j < at + n; j += PARTIALS) {
        one += a[j];
      }
      sum += one;
    }
    return sum;
  }

  /** Returns the sum of {@code exp(a[at..at+n))}. */
  static float ofExp(float[] a, int at, int n) {
    float sum = 0;
    for (int partial = 0; partial < PARTIALS; partial++) {
      float one = 0;
      for (int j = at + partial; j < at + n; j += PARTIALS) {
        one += Elementary.exp(a[j]);
      }
      sum += one;
    }
    return sum;
  }

  /** Returns the sum of the products of {@code a[at..at+n)} and {@code b[bAt..bAt+n)}, each rounded by itself. */
  static float ofProducts(float[] a, int at, float[] b, int bAt, int n) {
    float sum = 0;
    for (int partial = 0; partial < PARTIALS; partial++) {
      float one = 0;
      for (int j = partial; j < n; j += PARTIALS) {
        one += a[at + j] * b[bAt + j];
      }
      sum += one;
    }
    return sum;
  }
}
