package dev.rill.engine;

import dev.rill.layers.Conv1D;
import dev.rill.layers.Cropping1D;
import dev.rill.layers.GlobalMaxPooling1D;
import dev.rill.layers.GlobalPooling1D;
import dev.rill.layers.Layer;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.Padding;
import dev.rill.layers.Pooling1D;
import dev.rill.layers.UpSampling1D;
import dev.rill.layers.Window;
import dev.rill.layers.ZeroPadding1D;
import java.util.function.IntUnaryOperator;

/**
 * Convolutions, poolings and copies of steps in double precision.
 *
 * @param x what they read
 * @param resets whether the stream of row r begins before step t, at {@code t * rows + r}; null for never
 */
record DoubleWindows(DoubleNetwork.Values x, int rows, boolean[] resets) {
  /** Whether a layer is one of these. */
  static boolean know(Layer layer) {
    return layer instanceof Conv1D || layer instanceof Pooling1D || layer instanceof GlobalPooling1D || layer instanceof ZeroPadding1D
        || layer instanceof Cropping1D || layer instanceof UpSampling1D;
  }

  DoubleNetwork.Values of(Layer layer, DoubleNormalization.Weight weight) {
    if (layer instanceof Conv1D convolution) {
      return convolution(convolution, weight);
    }
    if (layer instanceof Pooling1D<?> pooling) {
      return pooling(pooling.window(), pooling instanceof MaxPooling1D);
    }
    if (layer instanceof GlobalPooling1D<?> pooling) {
      return globalPooling(pooling instanceof GlobalMaxPooling1D);
    }
    if (layer instanceof ZeroPadding1D zeros) {
      return steps(zeros.before() + x.steps() + zeros.after(), t -> t - zeros.before());
    }
    if (layer instanceof Cropping1D cropping) {
      return steps(x.steps() - cropping.before() - cropping.after(), t -> t + cropping.before());
    }
    int size = ((UpSampling1D) layer).size();
    return steps(x.steps() * size, t -> t / size);
  }

  /** Steps of a window's output, and the step that the first of them begins with, as TensorFlow counts them. */
  private static int[] count(Window window, int read) {
    int span = (window.size() - 1) * window.dilation() + 1;
    int all = (read + window.strides() - 1) / window.strides();
    return switch (window.padding()) {
      case VALID -> new int[] {(read - span + window.strides()) / window.strides(), 0};
      case SAME -> new int[] {all, -(Math.max(0, (all - 1) * window.strides() + span - read) / 2)};
      case CAUSAL -> new int[] {all, 1 - span};
    };
  }

  private double at(int row, int step, int feature) {
    return x.data()[(row * x.steps() + step) * x.width() + feature];
  }

  private DoubleNetwork.Values convolution(Conv1D layer, DoubleNormalization.Weight weight) {
    Window window = layer.window();
    int[] count = count(window, x.steps());
    int filters = layer.filters();
    int channels = x.width() / layer.groups();
    double[] y = new double[rows * count[0] * filters];
    for (int i = 0; i < y.length; i++) {
      int row = i / filters / count[0];
      int t = i / filters % count[0];
      int filter = i % filters;
      int group = filter / (filters / layer.groups());
      y[i] = layer.useBias() ? weight.of(1, filter) : 0;
      for (int k = 0; k < window.size(); k++) {
        int step = count[1] + t * window.strides() + k * window.dilation();
        for (int c = 0; c < channels && reads(window, row, t, step); c++) {
          y[i] += at(row, step, group * channels + c) * weight.of(0, (k * channels + c) * filters + filter);
        }
      }
    }
    for (int at = 0; at < y.length; at += filters) {
      DoubleNetwork.activate(layer.activation(), y, at, filters);
    }
    return new DoubleNetwork.Values(y, count[0], filters, null);
  }

  /** Whether a step lies in the sequence and, where a stream remembers steps, in the stream of the window's last one. */
  private boolean reads(Window window, int row, int t, int step) {
    boolean inside = step >= 0 && step < x.steps();
    for (int i = step + 1; inside && resets != null && window.padding() == Padding.CAUSAL && window.strides() == 1 && i <= t; i++) {
      inside = !resets[i * rows + row];
    }
    return inside;
  }

  private DoubleNetwork.Values pooling(Window window, boolean max) {
    int[] count = count(window, x.steps());
    double[] y = new double[rows * count[0] * x.width()];
    for (int i = 0; i < y.length; i++) {
      int row = i / x.width() / count[0];
      int first = count[1] + i / x.width() % count[0] * window.strides();
      y[i] = pooled(max, row, Math.max(0, first), Math.min(x.steps(), first + window.size()), i % x.width());
    }
    return new DoubleNetwork.Values(y, count[0], x.width(), null);
  }

  private DoubleNetwork.Values globalPooling(boolean max) {
    double[] y = new double[rows * x.width()];
    for (int i = 0; i < y.length; i++) {
      y[i] = pooled(max, i / x.width(), 0, x.steps(), i % x.width());
    }
    return new DoubleNetwork.Values(y, 1, x.width(), null);
  }

  /** The largest of some steps, or the mean of those that count. */
  private double pooled(boolean max, int row, int from, int to, int feature) {
    double largest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int count = 0;
    for (int step = from; step < to; step++) {
      largest = Math.max(largest, at(row, step, feature));
      if (x.keep() == null || x.keep()[row * x.steps() + step]) {
        sum += at(row, step, feature);
        count++;
      }
    }
    return max ? largest : sum / count;
  }

  /** Steps of the sequence, zeros where there is none. */
  private DoubleNetwork.Values steps(int count, IntUnaryOperator source) {
    double[] y = new double[rows * count * x.width()];
    for (int i = 0; i < y.length; i++) {
      int step = source.applyAsInt(i / x.width() % count);
      y[i] = step < 0 || step >= x.steps() ? 0 : at(i / x.width() / count, step, i % x.width());
    }
    return new DoubleNetwork.Values(y, count, x.width(), null);
  }
}
