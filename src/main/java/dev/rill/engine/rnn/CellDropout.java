package dev.rill.engine.rnn;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.tensor.CounterRandom;
import java.util.Arrays;

/**
 * Dropout in front of one kernel of a recurrent cell (Gal and Ghahramani 2016), as Keras has it: a mask of zeros and
 * {@code 1 / (1 - rate)} is drawn for each row once a call and holds for all its steps; each group of gates has its own.
 */
public final class CellDropout {
  /** The kernel: random numbers of one layer are told apart by it. */
  public enum Place { INPUT, STATE }

  private final double rate;
  private final int width;
  private final int stride;
  private final int columns;
  private final long purpose;
  /** For each group: [rows]. */
  private final float[][] masks;
  /** For each group what is left of the kernel's input: [time * rows]. */
  private final float[][] kept;
  /** Gradient with respect to that, before the mask: [rows], {@link #columns} apart. */
  private float[] gradient = {};
  private TrainingBatch batch;

  public CellDropout(double rate, int groups, int width, int layer, Place place) {
    this.rate = rate;
    this.width = width;
    stride = KernelChoice.padded(width);
    columns = PackedWeights.denseOutputLength(width);
    purpose = ((long) place.ordinal() + 1 << Integer.SIZE) + layer;
    masks = new float[groups][0];
    kept = new float[groups][0];
  }

  public void ensure(TrainingBatch now, int cells) {
    batch = now;
    if (on()) {
      gradient = Buffers.grown(gradient, now.rows, columns);
      for (int g = 0; g < masks.length; g++) {
        masks[g] = Buffers.grown(masks[g], now.rows, stride);
        kept[g] = Buffers.grown(kept[g], cells, stride);
      }
    }
  }

  private boolean on() {
    return batch.training && rate > 0;
  }

  /** Draws the masks of all rows. */
  public void draw() {
    for (int row = 0; on() && row < batch.rows; row++) {
      long stream = CounterRandom.stream(batch.seed, purpose, batch.call, batch.first + row);
      for (int g = 0; g < masks.length; g++) {
        for (int j = 0; j < width; j++) {
          masks[g][row * stride + j] = CounterRandom.unit(stream, (long) g * width + j) < rate ? 0 : (float) (1 / (1 - rate));
        }
      }
    }
  }

  /** The factor of one element in this call. */
  public float mask(int group, int row, int j) {
    return on() ? masks[group][row * stride + j] : 1;
  }

  /**
   * What is left of some rows.
   *
   * @param first (time, row) of the first one
   * @param to set if it is not simply {@code from}
   */
  Rows keep(int group, Rows from, int first, int count, Rows to) {
    if (!on()) {
      return from;
    }
    float[] x = kept[group];
    for (int i = 0; i < count; i++) {
      int source = from.at + i * from.stride;
      int target = (first + i) * stride;
      int mask = (first + i) % batch.rows * stride;
      for (int j = 0; j < width; j++) {
        x[target + j] = from.data[source + j] * masks[group][mask + j];
      }
    }
    return to.set(x, first * stride, stride);
  }

  /** What has been left of all (time, row) from {@code first} on. */
  Rows kept(int group, Rows from, int first, Rows to) {
    return on() ? to.set(kept[group], first * stride, stride) : from;
  }

  /** Leaves nothing of some (time, row) at which the cell has not run. */
  void skip(int first, int count) {
    for (int g = 0; on() && g < kept.length; g++) {
      Arrays.fill(kept[g], first * stride, (first + count) * stride, 0);
    }
  }

  /** Adds the gradient with respect to the input of some rows: that of the pre-activations, through the kernel and the mask. */
  void back(Kernels k, PackedWeights kernel, int group, int row, int count, Rows pre, Rows to, Rows scratch) {
    if (!on()) {
      k.matmul(kernel, count, to, pre, null, to);
      return;
    }
    k.matmul(kernel, count, null, pre, null, scratch.set(gradient, row * columns, columns));
    scale(group, row, count, gradient, row * columns, columns);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < width; j++) {
        to.data[to.at + i * to.stride + j] += gradient[(row + i) * columns + j];
      }
    }
  }

  /** Multiplies some rows by their masks. */
  void scale(int group, int row, int count, float[] a, int at, int distance) {
    for (int i = 0; on() && i < count; i++) {
      for (int j = 0; j < width; j++) {
        a[at + i * distance + j] *= mask(group, row + i, j);
      }
    }
  }
}
