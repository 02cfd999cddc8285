package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.kernels.Transposition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient of a kernel: the sum over the (time, row) of a section of input times gradient of the pre-activation, t ascending,
 * then row, from +0. The bias is the weight of one more input, which is always 1.
 *
 * <p>It is the forward product again, and its sums are made like those: the gradients of some (time, row), a number of whole
 * chains, are packed as if they were weights, the inputs are transposed, and the sums go on from there.
 */
public final class WeightGradient {
  /** Floats of gradients packed at a time: half of a core's second-level cache. */
  private static final int BLOCK = 1 << 17;
  /** How many lengths are kept ready: those of the sections of two sizes of batches. */
  private static final int LENGTHS = 8;

  /** The gradients of so many (time, row) in the form of weights. */
  private record Packed(int count, PackedWeights gradients) {}

  private final int[] widths;
  private final boolean bias;
  private final int height;
  private final int columns;
  /** (time, row) packed at a time. */
  private int block;
  /** For as many, and for what is left behind the last of them in sections of one length or another; the oldest first. */
  private final List<Packed> packed = new ArrayList<>();
  private float[] inputs;
  /** Floats between rows of inputs: an odd number of lines, as rows a power of two apart push each other out of the cache. */
  private int inputStride;
  private float[] sum;
  /** Whether nothing has been added yet, whatever the sum holds. */
  private boolean empty;
  private final int sumStride;
  private final Rows inputRows = new Rows();
  private final Rows sumRows = new Rows();
  private int most;

  /**
   * The gradient of one kernel.
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
    sumStride = PackedWeights.denseOutputLength(columns);
  }

  /**
   * Makes room.
   *
   * @param count the most (time, row) that are added at a time
   */
  public void ensure(int count) {
    if (most >= count) {
      return;
    }
    // The old ones go first, so that both need never fit at once; until all are made there are none.
    most = 0;
    packed.clear();
    inputs = null;
    block = Math.min(count, Math.max(Kernels.CHAIN, BLOCK / columns / Kernels.CHAIN * Kernels.CHAIN));
    inputStride = KernelChoice.padded(block) | KernelChoice.PADDING;
    inputs = new float[height * inputStride];
    sum = sum == null ? new float[height * sumStride] : sum;
    if (bias) {
      Arrays.fill(inputs, (height - 1) * inputStride, height * inputStride, 1);
    }
    most = count;
  }

  /** Starts the sum at zero. */
  public void begin() {
    empty = true;
  }

  /** Adds neighbouring rows. */
  public void add(Kernels k, Rows a, Rows b, Rows gradient, int count) {
    add(k, a, b, gradient, 1, count, count);
  }

  /**
   * Adds some rows of every step.
   *
   * @param a one input, from the first of these rows at the first step on
   * @param b the other input, or null
   * @param gradient of the pre-activations, likewise
   * @param apart rows from step to step
   */
  public void add(Kernels k, Rows a, Rows b, Rows gradient, int steps, int rows, int apart) {
    // Where nothing lies between, all of it is one stretch.
    int stretch = rows == apart ? steps * rows : rows;
    for (int first = 0; first < steps * rows; first += block) {
      int count = Math.min(block, steps * rows - first);
      PackedWeights panels = packed(count);
      for (int done = 0, n; done < count; done += n) {
        int row = (first + done) % stretch;
        int cell = (first + done) / stretch * apart + row;
        n = Math.min(stretch - row, count - done);
        transpose(a, cell, n, widths[0], 0, done);
        if (widths.length > 1) {
          transpose(b, cell, n, widths[1], widths[0], done);
        }
        panels.fillRows(done, n, gradient.data, gradient.at + cell * gradient.stride, gradient.stride, columns);
      }
      sumRows.set(sum, 0, sumStride);
      k.matmul(panels, height, empty ? null : sumRows, inputRows.set(inputs, 0, inputStride), null, sumRows);
      empty = false;
    }
  }

  private PackedWeights packed(int count) {
    for (int i = 0; i < packed.size(); i++) {
      if (packed.get(i).count() == count) {
        return packed.get(i).gradients();
      }
    }
    if (packed.size() == LENGTHS) {
      packed.remove(0);
    }
    packed.add(new Packed(count, PackedWeights.fillable(columns, count)));
    return packed.get(packed.size() - 1).gradients();
  }

  private void transpose(Rows from, int first, int count, int width, int input, int to) {
    Transposition.copy(from.data, from.at + first * from.stride, from.stride, count, width, inputs, input * inputStride + to,
        inputStride);
  }

  /** Adds some rows of the sum where they belong: a layer that is applied twice has two sums. */
  public void deliver(int first, int count, float[] to, int at, int stride) {
    for (int i = 0; i < count; i++) {
      int from = (first + i) * sumStride;
      int target = at + i * stride;
      for (int j = 0; j < columns; j++) {
        to[target + j] += sum[from + j];
      }
    }
  }

  /** The row of the bias. */
  public int biasRow() {
    return height - 1;
  }
}
