package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Pairwise;
import dev.rill.kernels.Rows;
import dev.rill.layers.Conv1D;
import java.util.Arrays;

/**
 * The products of a convolution of many small groups, to the bits of a product for each group. A product computes as many filters
 * at once as a vector has lanes, and here a group has few; so a lane is a group, and the same filter of all groups is computed at
 * once. Everything is laid out with the groups last: windows as {@link ConvolutionWindows} lays them, [size][channels][groups],
 * the kernel as [size][channels][filters][groups], results as [filters][groups].
 */
final class GroupLanes {
  /** What one thread needs. */
  static final class Scratch {
    /** Where each term of a sum lies in a window. */
    private final int[] terms;
    /** The blocks of a sum behind the first. */
    private final float[] block;
    /** One window's results or their gradients, if a group has several filters. */
    private final float[] results;
    /** The gradient of one step of a window, if a group has several features. */
    private final float[] window;
    /** In training: the gradients of kernel and bias, laid out as they are, one behind the other. */
    private float[] gradients = {};
    /** What one block of their sums has come to. */
    private float[] chain = {};

    Scratch(GroupLanes lanes) {
      terms = new int[lanes.terms];
      block = new float[lanes.groups];
      results = new float[lanes.filters * lanes.groups];
      window = new float[lanes.channels * lanes.groups];
    }

    private void beginGradients(int size) {
      if (gradients.length == 0) {
        chain = new float[size];
        gradients = new float[size];
      }
      Arrays.fill(gradients, 0);
    }
  }

  private final int groups;
  /** Features and filters of a group. */
  private final int channels;
  private final int filters;
  /** Terms of a sum. */
  private final int terms;
  private final float[] kernel;
  private final float[] bias;
  private final float[] zero;
  /** Where each filter lies in a row of results. */
  private final int[] places;

  GroupLanes(Conv1D layer, int features) {
    groups = layer.groups();
    channels = features / groups;
    filters = layer.filters() / groups;
    terms = layer.window().size() * channels;
    kernel = new float[Math.toIntExact((long) terms * filters * groups)];
    bias = new float[filters * groups];
    zero = new float[groups];
    places = new int[filters];
    for (int j = 0; j < filters; j++) {
      places[j] = j * groups;
    }
  }

  /** Whether this is faster than a product for each group. */
  static boolean pay(Conv1D layer) {
    return layer.groups() >= 8 && layer.groups() >= 2 * (layer.filters() / layer.groups());
  }

  /** Fills the kernel and, unless its place is negative, the bias. */
  void fill(float[] weights, int kernelAt, int biasAt) {
    for (int k = 0; k < terms; k++) {
      groupsLast(weights, kernelAt + k * filters * groups, kernel, k * filters * groups, filters, groups);
    }
    if (biasAt >= 0) {
      groupsLast(weights, biasAt, bias, 0, filters, groups);
    }
  }

  /** Copies [groups][n] to [n][groups]. */
  static void groupsLast(float[] from, int fromAt, float[] to, int toAt, int n, int groups) {
    for (int g = 0; g < groups; g++) {
      for (int j = 0; j < n; j++) {
        to[toAt + j * groups + g] = from[fromAt + g * n + j];
      }
    }
  }

  long bytes() {
    return 4L * (kernel.length + bias.length);
  }

  /** Finds the terms of a sum in windows as they are laid out now. */
  void begin(Scratch s, ConvolutionWindows windows) {
    for (int term = 0; term < terms; term++) {
      s.terms[term] = term / channels * windows.readsApart() + term % channels * groups;
    }
  }

  /** Computes the results of some rows. */
  void forward(Kernels k, Scratch s, ConvolutionWindows windows, int first, int rows, Rows x, TensorView results, Rows y) {
    begin(s, windows);
    for (int i = 0; i < windows.stretches(rows); i++) {
      int count = windows.stretch(i, 0, first, rows, x, results, y);
      for (int w = 0; w < count; w++) {
        int to = y.at + w * y.stride;
        float[] sums = filters == 1 ? y.data : s.results;
        for (int j = 0; j < filters; j++) {
          sum(k, s, terms, x.data, x.at + w * x.stride, s.terms, j * groups, filters * groups, bias, j * groups, sums,
              filters == 1 ? to : j * groups);
        }
        if (filters > 1) {
          groupsLast(sums, 0, y.data, to, groups, filters);
        }
      }
    }
  }

  /** A sum of {@code n} products for every group: of a stretch at each place and a stretch of the kernel. */
  private void sum(Kernels k, Scratch s, int n, float[] a, int aAt, int[] at, int kernelAt, int kernelStride, float[] start,
      int startAt, float[] to, int toAt) {
    for (int first = 0; first < n; first += Kernels.CHAIN) {
      float[] block = first == 0 ? to : s.block;
      int blockAt = first == 0 ? toAt : 0;
      Arrays.fill(block, blockAt, blockAt + groups, 0);
      for (int i = first; i < Math.min(n, first + Kernels.CHAIN); i++) {
        k.pairwise(Pairwise.PLUS_TIMES, groups, a, aAt + at[i], kernel, kernelAt + i * kernelStride, block, blockAt);
      }
      k.pairwise(Pairwise.PLUS, groups, block, blockAt, first == 0 ? start : to, first == 0 ? startAt : toAt, to, toAt);
    }
  }

  /** One row of gradients with groups last: itself if a group has one filter. */
  private float[] filtersFirst(Scratch s, float[] gradient, int at) {
    if (filters > 1) {
      groupsLast(gradient, at, s.results, 0, filters, groups);
    }
    return filters > 1 ? s.results : gradient;
  }

  /** Computes the gradient of a window, [size][features], from that of its results. */
  void backward(Kernels k, Scratch s, float[] gradient, int at, float[] window) {
    float[] dz = filtersFirst(s, gradient, at);
    for (int term = 0; term < terms; term++) {
      int channel = term % channels;
      float[] to = channels == 1 ? window : s.window;
      sum(k, s, filters, dz, filters == 1 ? at : 0, places, term * filters * groups, groups, zero, 0, to,
          channels == 1 ? term * groups : channel * groups);
      if (channels > 1 && channel == channels - 1) {
        groupsLast(s.window, 0, window, (term - channel) * groups, groups, channels);
      }
    }
  }

  /** Adds the gradients of kernel and, unless its place is negative, bias over the windows of some rows where they belong. */
  void gradients(Kernels k, Scratch s, ConvolutionWindows windows, int from, int rows, Rows x, TensorView results, Rows y,
      float[] weightGradient, int kernelAt, int biasAt) {
    begin(s, windows);
    int width = filters * groups;
    s.beginGradients(kernel.length + width);
    for (int i = 0; i < windows.stretches(rows); i++) {
      int count = windows.stretch(i, 0, from, rows, x, results, y);
      for (int first = 0; first < count; first += Kernels.CHAIN) {
        Arrays.fill(s.chain, 0);
        for (int w = first; w < Math.min(count, first + Kernels.CHAIN); w++) {
          int at = y.at + w * y.stride;
          float[] dz = filtersFirst(s, y.data, at);
          at = filters > 1 ? 0 : at;
          for (int term = 0; term < terms; term++) {
            for (int j = 0; j < filters; j++) {
              k.pairwise(Pairwise.PLUS_TIMES, groups, x.data, x.at + w * x.stride + s.terms[term], dz, at + j * groups, s.chain,
                  term * width + j * groups);
            }
          }
          k.pairwise(Pairwise.PLUS, width, s.chain, kernel.length, dz, at, s.chain, kernel.length);
        }
        k.pairwise(Pairwise.PLUS, s.chain.length, s.gradients, 0, s.chain, 0, s.gradients, 0);
      }
    }
    for (int term = 0; term <= terms; term++) {
      int target = term < terms ? kernelAt + term * width : biasAt;
      for (int g = 0; target >= 0 && g < groups; g++) {
        for (int j = 0; j < filters; j++) {
          weightGradient[target + g * filters + j] += s.gradients[term * width + j * groups + g];
        }
      }
    }
  }
}
