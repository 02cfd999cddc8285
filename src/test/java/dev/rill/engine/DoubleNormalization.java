package dev.rill.engine;

import dev.rill.layers.BatchNormalization;
import dev.rill.layers.LayerNormalization;
import dev.rill.layers.NormalizationLayer;
import dev.rill.tensor.Shape;

/** Batch and layer normalization in double precision. */
record DoubleNormalization(NormalizationLayer<?> layer, Shape shape, boolean batchMoments, Weight weight) {
  /** An element of a variable. */
  interface Weight {
    double of(int variable, int element);
  }

  DoubleNetwork.Values of(DoubleNetwork.Values x) {
    double[] y = new double[x.data().length];
    boolean batch = layer instanceof BatchNormalization;
    boolean rms = layer instanceof LayerNormalization own && own.rmsScaling();
    boolean scales = layer.scale() || rms;
    boolean centers = layer.center() && !rms;
    boolean[] chosen = new boolean[shape.rank()];
    for (int axis : layer instanceof LayerNormalization own ? own.axes() : new int[] {((BatchNormalization) layer).axis()}) {
      chosen[axis < 0 ? axis + shape.rank() : axis] = true;
    }
    int[] elements = numbers(x, chosen, true);
    int[] groups = batch ? elements : numbers(x, chosen, false);
    double[][] moments = moments(x, groups, batch);
    int beta = scales ? 1 : 0;
    int mean = beta + (centers ? 1 : 0);
    for (int i = 0; i < y.length; i++) {
      int e = elements[i];
      double[] own = batch && !batchMoments ? new double[] {weight.of(mean, e), weight.of(mean + 1, e)} : moments[groups[i]];
      double normalized = (x.data()[i] - (rms ? 0 : own[0])) / Math.sqrt(own[1] + layer.epsilon());
      y[i] = normalized * (scales ? weight.of(0, e) : 1) + (centers ? weight.of(beta, e) : 0);
    }
    return x.with(y, x.width());
  }

  /** For each number its place on the axes that are chosen, or on those that are not, row-major. */
  private int[] numbers(DoubleNetwork.Values x, boolean[] chosen, boolean ofChosen) {
    int[] numbers = new int[x.data().length];
    for (int i = 0; i < numbers.length; i++) {
      int left = i;
      int stride = 1;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        int size = axis == 0 ? numbers.length : axis == 1 && shape.rank() > 2 ? x.steps() : shape.axis(axis);
        if (chosen[axis] == ofChosen) {
          numbers[i] += left % size * stride;
          stride *= size;
        }
        left /= size;
      }
    }
    return numbers;
  }

  /** Mean and variance of each group; those of a batch are over the steps that count. */
  private static double[][] moments(DoubleNetwork.Values x, int[] groups, boolean batch) {
    double[][] moments = new double[groups.length][2];
    for (int pass = 0; pass < 2; pass++) {
      int[] n = new int[groups.length];
      for (int i = 0; i < groups.length; i++) {
        if (!batch || x.keep() == null || x.keep()[i / x.width()]) {
          double d = x.data()[i] - (pass == 0 ? 0 : moments[groups[i]][0]);
          moments[groups[i]][pass] += pass == 0 ? d : d * d;
          n[groups[i]]++;
        }
      }
      for (int g = 0; g < n.length; g++) {
        moments[g][pass] /= Math.max(1, n[g]);
      }
    }
    return moments;
  }
}
