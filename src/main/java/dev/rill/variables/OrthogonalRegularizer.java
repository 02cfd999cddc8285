package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.Arrays;

/**
 * Keeps the rows or columns of a matrix apart: adds factor times the mean, over all pairs, of the absolute cosine between them.
 * Keras' {@code OrthogonalRegularizer}; a row shorter than 1e-7 counts as one of that length.
 *
 * <p>Costs rows² · columns products and allocates a matrix of doubles.
 *
 * @param factor what the mean is multiplied by, not negative; 0.01 by default in Keras
 * @param mode what is kept apart; rows by default in Keras
 */
public record OrthogonalRegularizer(double factor, Mode mode) implements Regularizer {
  /** What is kept apart. */
  public enum Mode {
    /** Keras' {@code rows}. */
    ROWS,
    /** Keras' {@code columns}. */
    COLUMNS
  }

  private static final double SHORTEST = 1e-7;

  /** Checks the factor. */
  public OrthogonalRegularizer {
    L1L2.checkFactor(factor);
    Require.given(mode, "what an orthogonal regularizer keeps apart");
  }

  @Override
  public void check(Weights.Slice slice) {
    if (Require.given(slice, "the variable").shape().rank() != 2 || slice.shape().axis(mode == Mode.ROWS ? 0 : 1) < 2) {
      throw new RillException("layer " + slice.layer() + ", " + slice.name() + ": an orthogonal regularizer needs a matrix "
          + "of at least two " + (mode == Mode.ROWS ? "rows" : "columns") + ", got " + slice.shape());
    }
  }

  /** The vectors that are kept apart, and how they are normalised. */
  private final class Vectors {
    final int count;
    final int length;
    final double[][] unit;
    final double[] norm;

    Vectors(float[] w, Weights.Slice slice) {
      check(slice);
      count = slice.shape().axis(mode == Mode.ROWS ? 0 : 1);
      length = slice.shape().axis(mode == Mode.ROWS ? 1 : 0);
      unit = new double[count][length];
      norm = new double[count];
      for (int v = 0; v < count; v++) {
        for (int i = 0; i < length; i++) {
          unit[v][i] = w[at(slice, v, i)];
        }
        norm[v] = Math.max(SHORTEST, Math.sqrt(dot(unit[v], unit[v])));
        for (int i = 0; i < length; i++) {
          unit[v][i] /= norm[v];
        }
      }
    }

    int at(Weights.Slice slice, int v, int i) {
      return slice.at() + (mode == Mode.ROWS ? v * length + i : i * count + v);
    }

    double perPair() {
      return (float) factor / (count * (count - 1.0) / 2);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Override
  public float value(float[] w, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    Vectors vectors = new Vectors(w, slice);
    double sum = 0;
    for (int v = 1; v < vectors.count; v++) {
      for (int other = 0; other < v; other++) {
        sum += Math.abs(dot(vectors.unit[v], vectors.unit[other]));
      }
    }
    return (float) (vectors.perPair() * sum);
  }

  @Override
  public void addGradient(float[] w, float[] g, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    Weights.Slice.check(slice, g);
    Vectors vectors = new Vectors(w, slice);
    double[] direction = new double[vectors.length];
    for (int v = 0; v < vectors.count; v++) {
      double[] own = vectors.unit[v];
      Arrays.fill(direction, 0);
      for (int other = 0; other < vectors.count; other++) {
        double cosine = other == v ? 0 : dot(own, vectors.unit[other]);
        double sign = cosine > 0 ? 1 : cosine < 0 ? -1 : cosine;
        for (int i = 0; sign != 0 && i < direction.length; i++) {
          direction[i] += sign * vectors.unit[other][i];
        }
      }
      // The length of a vector does not matter, unless it is that of the shortest one.
      double along = vectors.norm[v] > SHORTEST ? dot(own, direction) : 0;
      for (int i = 0; i < direction.length; i++) {
        g[vectors.at(slice, v, i)] += (float) (vectors.perPair() * (direction[i] - along * own[i]) / vectors.norm[v]);
      }
    }
  }
}
