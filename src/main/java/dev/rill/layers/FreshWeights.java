package dev.rill.layers;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * Keras' default initial weights: Glorot uniform kernels, orthogonal recurrent kernels, embeddings within 0.05, zero biases but
 * 1 for an LSTM's forget gate.
 *
 * <p>Every number is a function of (seed, variable, index) and of {@link StrictMath}, so a seed means the same weights
 * everywhere; they are not the numbers that Keras would draw.
 */
public final class FreshWeights {
  private static final int ROWS_AT_A_TIME = 8;

  private FreshWeights() {}

  /**
   * Overwrites all weights.
   *
   * @param graph the structure
   * @param weights its weights
   * @param seed what they are a function of
   */
  public static void fill(Graph graph, Weights weights, long seed) {
    float[] values = weights.values();
    long stream = CounterRandom.mix(seed);
    for (Layer layer : graph.layers()) {
      for (Weights.Slice slice : weights.slices(layer.name())) {
        stream = CounterRandom.mix(stream + 1);
        switch (slice.name()) {
          case "kernel" -> glorot(values, slice, stream);
          case "embeddings" -> uniform(values, slice, stream, 0.05);
          case "recurrent_kernel" -> orthogonal(values, slice, stream);
          default -> Arrays.fill(values, slice.at(), slice.at() + slice.size(), 0);
        }
      }
      if (layer instanceof LSTM lstm && lstm.useBias() && lstm.unitForgetBias()) {
        List<Weights.Slice> slices = weights.slices(layer.name());
        int forget = slices.get(2).at() + lstm.units();
        Arrays.fill(values, forget, forget + lstm.units(), 1);
      }
    }
  }

  /** Glorot and Bengio 2010: uniform within sqrt(6 / (inputs + outputs)). */
  private static void glorot(float[] values, Weights.Slice slice, long stream) {
    uniform(values, slice, stream, StrictMath.sqrt(6.0 / (slice.shape().axis(0) + slice.shape().axis(1))));
  }

  private static void uniform(float[] values, Weights.Slice slice, long stream, double limit) {
    for (int i = 0; i < slice.size(); i++) {
      values[slice.at() + i] = (float) (limit * (2 * CounterRandom.unit(stream, i) - 1));
    }
  }

  /**
   * Saxe 2014: orthonormal rows (there are never more rows than columns), by Gram-Schmidt from normal numbers; twice, because
   * once leaves rounding errors behind. Some rows at a time, so that each finished row is fetched once for all of them.
   */
  private static void orthogonal(float[] values, Weights.Slice slice, long stream) {
    int rows = slice.shape().axis(0);
    int columns = slice.shape().axis(1);
    double[][] q = new double[rows][columns];
    for (int from = 0; from < rows; from += ROWS_AT_A_TIME) {
      int to = Math.min(rows, from + ROWS_AT_A_TIME);
      for (int r = from; r < to; r++) {
        for (int c = 0; c < columns; c++) {
          q[r][c] = normal(stream, (long) r * columns + c);
        }
      }
      for (int other = 0; other < 2 * from; other++) {
        for (int r = from; r < to; r++) {
          project(q[r], q[other % from]);
        }
      }
      for (int r = from; r < to; r++) {
        for (int other = 0; other < 2 * (r - from); other++) {
          project(q[r], q[from + other % (r - from)]);
        }
        double norm = StrictMath.sqrt(dot(q[r], q[r]));
        for (int c = 0; c < columns; c++) {
          q[r][c] /= norm;
          values[slice.at() + r * columns + c] = (float) q[r][c];
        }
      }
    }
  }

  /** Takes the direction of a unit vector out of another. */
  private static void project(double[] vector, double[] unit) {
    double dot = dot(vector, unit);
    for (int c = 0; c < vector.length; c++) {
      vector[c] -= dot * unit[c];
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

  /** Box and Muller 1958. */
  private static double normal(long stream, long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(CounterRandom.unit(stream, 2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * CounterRandom.unit(stream, 2 * index + 1));
  }
}
