package dev.rill.engine;

import dev.rill.layers.Concatenate;
import dev.rill.layers.Dot;
import dev.rill.layers.Layer;
import dev.rill.layers.Normalization;
import dev.rill.layers.PReLU;
import dev.rill.tensor.Shape;
import java.util.List;

/** Layers for which every axis of a row counts, in double precision: those that join sequences, and those with a figure for each number. */
final class DoubleJoins {
  private final List<Shape> shapes;
  private final int rows;
  private final DoubleNormalization.Weight weight;

  DoubleJoins(List<Shape> shapes, int rows, DoubleNormalization.Weight weight) {
    this.shapes = shapes;
    this.rows = rows;
    this.weight = weight;
  }

  static boolean know(Layer layer, Shape first) {
    return layer instanceof Dot || layer instanceof PReLU || layer instanceof Normalization
        || layer instanceof Concatenate join && join.joinsTime(first.rank());
  }

  DoubleNetwork.Values of(Layer layer, List<DoubleNetwork.Values> inputs) {
    DoubleNetwork.Values x = inputs.get(0);
    if (layer instanceof Dot dot) {
      return dot(dot, x, inputs.get(1));
    } else if (layer instanceof Concatenate) {
      return behind(inputs);
    }
    double[] y = x.data().clone();
    int[] sizes = layer instanceof Normalization normalization ? normalization.spread(shapes.get(0))
        : layer.variables(shapes).get(0).shape().toArray();
    for (int i = 0; i < y.length; i++) {
      int element = element(i, sizes, x.steps());
      if (layer instanceof Normalization normalization) {
        double mean = normalization.given() ? normalization.mean(element) : weight.of(0, element);
        double variance = normalization.given() ? normalization.variance(element) : weight.of(1, element);
        double deviation = Math.max(Math.sqrt(variance), 1e-7);
        y[i] = normalization.invert() ? mean + y[i] * deviation : (y[i] - mean) / deviation;
      } else {
        y[i] = y[i] > 0 ? y[i] : weight.of(0, element) * y[i];
      }
    }
    return x.with(y, x.width());
  }

  /** Which element of a variable with an axis for each of the row's goes with a number. */
  private int element(int number, int[] sizes, int steps) {
    int left = number;
    int stride = 1;
    int element = 0;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      int size = axis == 0 && sizes.length > 1 ? steps : shapes.get(0).axis(axis + 1);
      element += sizes[axis] == 1 ? 0 : left % size * stride;
      left /= size;
      stride *= sizes[axis];
    }
    return element;
  }

  private DoubleNetwork.Values dot(Dot layer, DoubleNetwork.Values x, DoubleNetwork.Values y) {
    double[][][] a = new double[rows][][];
    double[][][] b = new double[rows][][];
    for (int row = 0; row < rows; row++) {
      a[row] = vectors(x, row, layer.axis(0, shapes.get(0)) == 1 && shapes.get(0).rank() == 3, layer.normalize());
      b[row] = vectors(y, row, layer.axis(1, shapes.get(1)) == 1 && shapes.get(1).rank() == 3, layer.normalize());
    }
    int n = a[0].length;
    int m = b[0].length;
    double[] out = new double[rows * n * m];
    for (int i = 0; i < out.length; i++) {
      double[] p = a[i / (n * m)][i / m % n];
      double[] q = b[i / (n * m)][i % m];
      for (int k = 0; k < p.length; k++) {
        out[i] += p[k] * q[k];
      }
    }
    boolean sequence = shapes.get(0).rank() == 3 && shapes.get(1).rank() == 3;
    return new DoubleNetwork.Values(out, sequence ? n : 1, sequence ? m : n * m, null);
  }

  /** Steps of a row, or features over time. */
  private static double[][] vectors(DoubleNetwork.Values x, int row, boolean overTime, boolean normalize) {
    double[][] vectors = new double[overTime ? x.width() : x.steps()][overTime ? x.steps() : x.width()];
    for (int v = 0; v < vectors.length; v++) {
      double[] each = vectors[v];
      double squares = 0;
      for (int k = 0; k < each.length; k++) {
        each[k] = x.data()[(row * x.steps() + (overTime ? k : v)) * x.width() + (overTime ? v : k)];
        squares += each[k] * each[k];
      }
      for (int k = 0; normalize && k < each.length; k++) {
        each[k] /= Math.max(Math.sqrt(squares), 1e-7);
      }
    }
    return vectors;
  }

  private DoubleNetwork.Values behind(List<DoubleNetwork.Values> inputs) {
    int steps = inputs.stream().mapToInt(DoubleNetwork.Values::steps).sum();
    int width = inputs.get(0).width();
    double[] y = new double[rows * steps * width];
    int first = 0;
    for (DoubleNetwork.Values x : inputs) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(x.data(), row * x.steps() * width, y, (row * steps + first) * width, x.steps() * width);
      }
      first += x.steps();
    }
    return new DoubleNetwork.Values(y, steps, width, null);
  }
}
