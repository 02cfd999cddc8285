package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.kernels.Transposition;
import java.util.Arrays;

/**
 * The gradient of a kernel: the sum over all (time, row) of input times gradient of the pre-activation, t ascending, then row,
 * from +0. The bias is the weight of one more input, which is always 1.
 *
 * <p>It is the forward product again, and its sums are made like those: the gradients of some (time, row), a number of whole
 * chains, are packed as if they were weights, the inputs are transposed, and the sums go on from there. Threads share out the
 * columns.
 */
public final class WeightGradient {
  /** Floats of gradients packed at a time: half of a core's second-level cache. */
  private static final int BLOCK = 1 << 17;
  /** A panel's width at the widest vectors. */
  private static final int CUT = 64;

  /** The columns of one thread. */
  private final class Part {
    final int from;
    final int columns;
    final int block;
    final PackedWeights full;
    /** The last block, which is shorter; made for the number of rows it was last needed for. */
    PackedWeights rest;
    int restRows;
    final float[] inputs;
    /** Floats between rows of inputs: an odd number of lines, as rows a power of two apart push each other out of the cache. */
    final int inputStride;
    final float[] sum;
    final int stride;
    final Rows inputRows = new Rows();
    final Rows sumRows = new Rows();

    Part(int from, int columns, int rows) {
      this.from = from;
      this.columns = columns;
      block = Math.min(rows, Math.max(Kernels.CHAIN, BLOCK / columns / Kernels.CHAIN * Kernels.CHAIN));
      full = PackedWeights.fillable(columns, block);
      stride = full.outputLength();
      inputStride = KernelChoice.padded(block) | KernelChoice.PADDING;
      inputs = new float[height * inputStride];
      sum = new float[height * stride];
      if (bias) {
        Arrays.fill(inputs, (height - 1) * inputStride, height * inputStride, 1);
      }
    }

    void add(Kernels k, Rows a, Rows b, int rows, Rows gradient) {
      for (int first = 0; first < rows; first += block) {
        int count = Math.min(block, rows - first);
        PackedWeights panels = count == block ? full : rest(count);
        transpose(a, first, count, widths[0], 0);
        if (widths.length > 1) {
          transpose(b, first, count, widths[1], widths[0]);
        }
        panels.fill(gradient.data, gradient.at + from + first * gradient.stride, gradient.stride, columns);
        sumRows.set(sum, 0, stride);
        k.matmul(panels, height, sumRows, inputRows.set(inputs, 0, inputStride), null, sumRows);
      }
    }

    private PackedWeights rest(int count) {
      if (restRows != count) {
        rest = PackedWeights.fillable(columns, count);
        restRows = count;
      }
      return rest;
    }

    private void transpose(Rows from, int first, int count, int width, int to) {
      Transposition.copy(from.data, from.at + first * from.stride, from.stride, count, width, inputs, to * inputStride, inputStride);
    }
  }

  private final int[] widths;
  private final boolean bias;
  private final int height;
  private final int columns;
  private Part[] parts = {};
  private int rows;

  /**
   * A gradient of zeros.
   *
   * @param bias whether there is one
   * @param columns outputs
   * @param widths features of one input, or of two that share their outputs
   */
  public WeightGradient(boolean bias, int columns, int... widths) {
    this.bias = bias;
    this.columns = columns;
    this.widths = widths;
    height = Arrays.stream(widths).sum() + (bias ? 1 : 0);
  }

  /** Makes room for sums over so many (time, row), shared out to so many threads, and starts them at zero. */
  public void begin(int count, int threads) {
    int cuts = (columns + CUT - 1) / CUT;
    if (parts.length != threads || rows != count) {
      // The old ones go first, so that both need never fit at once; until all are made there are none.
      parts = new Part[0];
      Part[] made = new Part[threads];
      for (int p = 0; p < threads; p++) {
        int from = cuts * p / threads * CUT;
        int to = Math.min(columns, cuts * (p + 1) / threads * CUT);
        made[p] = to > from ? new Part(from, to - from, count) : null;
      }
      parts = made;
      rows = count;
    }
    for (Part part : parts) {
      if (part != null) {
        Arrays.fill(part.sum, 0);
      }
    }
  }

  /** Adds one thread's columns of some (time, row). */
  public void add(Kernels k, int thread, Rows a, Rows b, int count, Rows gradient) {
    if (parts[thread] != null) {
      parts[thread].add(k, a, b, count, gradient);
    }
  }

  /** Adds some rows of one thread's columns where they belong: a layer that is applied twice has two sums. */
  public void deliver(int thread, int first, int count, float[] to, int at, int stride) {
    Part part = parts[thread];
    if (part != null) {
      for (int i = 0; i < count; i++) {
        int from = (first + i) * part.stride;
        int target = at + i * stride + part.from;
        for (int j = 0; j < part.columns; j++) {
          to[target + j] += part.sum[from + j];
        }
      }
    }
  }

  /** The row of the bias. */
  public int biasRow() {
    return height - 1;
  }
}
