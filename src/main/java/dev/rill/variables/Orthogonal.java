package dev.rill.variables;

import dev.rill.tensor.CounterRandom;

import dev.rill.tensor.RillException;

/**
 * A multiple of orthonormal rows or, where there are more rows than columns, orthonormal columns (Saxe 2014): Keras'
 * {@code Orthogonal}. All axes but the last one are rows.
 *
 * @param gain length of each of them, 1 by default in Keras
 */
public record Orthogonal(double gain) implements Initializer {
  private static final int VECTORS_AT_A_TIME = 8;

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    if (slice.shape().rank() < 2) {
      throw new RillException("layer " + slice.layer() + ", " + slice.name()
          + ": an orthogonal initializer needs at least two axes, got " + slice.shape());
    }
    if (slice.size() == 0) {
      return;
    }
    int columns = slice.shape().axis(-1);
    int rows = slice.size() / columns;
    boolean byRows = rows <= columns;
    int vectors = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[][] q = orthonormal(vectors, length, stream);
    for (int v = 0; v < vectors; v++) {
      for (int i = 0; i < length; i++) {
        values[slice.at() + (byRows ? v * columns + i : i * columns + v)] = (float) (gain * q[v][i]);
      }
    }
  }

  /**
   * Gram-Schmidt from normal numbers; twice, because once leaves rounding errors behind. Some vectors at a time, so that each
   * finished vector is fetched once for all of them.
   */
  private static double[][] orthonormal(int vectors, int length, long stream) {
    double[][] q = new double[vectors][length];
    for (int from = 0; from < vectors; from += VECTORS_AT_A_TIME) {
      int to = Math.min(vectors, from + VECTORS_AT_A_TIME);
      for (int v = from; v < to; v++) {
        for (int i = 0; i < length; i++) {
          q[v][i] = CounterRandom.normal(stream, (long) v * length + i);
        }
      }
      for (int other = 0; other < 2 * from; other++) {
        for (int v = from; v < to; v++) {
          project(q[v], q[other % from]);
        }
      }
      for (int v = from; v < to; v++) {
        for (int other = 0; other < 2 * (v - from); other++) {
          project(q[v], q[from + other % (v - from)]);
        }
        double norm = StrictMath.sqrt(dot(q[v], q[v]));
        for (int i = 0; i < length; i++) {
          q[v][i] /= norm;
        }
      }
    }
    return q;
  }

  /** Takes the direction of a unit vector out of another. */
  private static void project(double[] vector, double[] unit) {
    double dot = dot(vector, unit);
    for (int i = 0; i < vector.length; i++) {
      vector[i] -= dot * unit[i];
    }
  }

  /** Four partial sums, for one alone would wait for each of its additions. */
  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
