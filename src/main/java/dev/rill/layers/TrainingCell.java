package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Panels;
import dev.rill.kernels.Rows;
import java.util.Arrays;

/**
 * One recurrent cell in training: its equations forward and backward, and what it keeps of every (time, row) in between.
 * Gates lie in Keras' order, one behind the other, and give way to the gradients of their pre-activations in the backward
 * pass.
 *
 * <p>States lie in slots: a step reads the rows of one slot and writes those of the next. Every method works on some rows, so
 * that threads share out rows; each has cursors and scratch of its own.
 */
abstract class TrainingCell {
  /** Cursors and scratch of one thread. */
  static final class Lane {
    final Rows a = new Rows();
    final Rows b = new Rows();
    final Rows c = new Rows();
    final float[] behind = new float[Kernels.PADDING];
    float[] row = {};
  }

  final int units;
  final int inputs;
  final boolean bias;
  /** Floats between rows of {@link #h} and {@link #c}. */
  final int stride;
  /** Floats between rows of {@link #z}. */
  final int gateStride;
  /** Pre-activations, then gates, then gradients of the pre-activations: [time * rows]. */
  float[] z = {};
  /** Hidden states: [slots * rows]. */
  float[] h = {};
  /** Gradient with respect to the hidden state: [rows], {@link #gradientStride} apart. */
  float[] dh = {};
  final int gradientStride;
  final Panels kernel;
  private final Panels kernelBack;
  private final int gates;
  Lane[] lanes = {};

  TrainingCell(Recurrent.Options options, int inputs, int gates) {
    units = options.units;
    bias = options.useBias;
    this.inputs = inputs;
    this.gates = gates;
    stride = Kernels.padded(units) + Kernels.PADDING;
    kernel = Panels.fillable(gates * units, inputs);
    kernelBack = Panels.fillable(inputs, gates * units);
    gateStride = kernel.columns() + Kernels.PADDING;
    gradientStride = Panels.columns(units);
  }

  /** Makes room for so many (time, row) of so many rows. */
  void ensure(int cells, int rows, int threads) {
    if (lanes.length != threads) {
      lanes = new Lane[threads];
      for (int i = 0; i < threads; i++) {
        lanes[i] = new Lane();
        lanes[i].row = new float[scratchFloats()];
      }
    }
    z = room(z, cells, gateStride);
    h = room(h, cells + rows, stride);
    dh = room(dh, rows, gradientStride);
  }

  /** Floats that a thread needs to itself. */
  int scratchFloats() {
    return 0;
  }

  static float[] room(float[] now, int rows, int stride) {
    int needed = Math.addExact(Math.multiplyExact(rows, stride), Kernels.PADDING);
    return now.length < needed ? new float[needed] : now;
  }

  /** Fills the packed weights. */
  void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    kernel.fill(weights, kernelAt, gates * units, gates * units);
    kernelBack.fillTransposed(weights, kernelAt, gates * units, inputs);
  }

  /** The input's part of the pre-activations of some (time, row), from {@code first} on. */
  final void input(Carrier k, Lane lane, Rows x, int first, int count) {
    k.product(kernel, count, null, x, null, lane.b.set(z, first * gateStride, gateStride));
  }

  /** Adds the gradient with respect to some inputs. */
  final void inputGradient(Carrier k, Lane lane, int first, int count, Rows dx) {
    k.product(kernelBack, count, dx, lane.b.set(z, first * gateStride, gateStride), null, dx);
  }

  /** The cell state's array, or null if the cell has none. */
  float[] c() {
    return null;
  }

  /** Gradient with respect to the cell state, laid out as {@link #dh}, or null. */
  float[] dc() {
    return null;
  }

  /** Sets the gradient with respect to one row's state to zero. */
  final void clear(int row) {
    Arrays.fill(dh, row * gradientStride, (row + 1) * gradientStride, 0);
    if (dc() != null) {
      Arrays.fill(dc(), row * gradientStride, (row + 1) * gradientStride, 0);
    }
  }

  /**
   * One step of some rows.
   *
   * @param cell first (time, row)
   * @param from first row of the slot read
   * @param to first row of the slot written
   * @param count number of rows
   */
  abstract void forward(Carrier k, Lane lane, int cell, int from, int to, int count);

  /**
   * Takes the gradient of some rows back through one step: {@link #dh} is that of the state written and becomes what flows
   * past the recurrent kernel to the state read; the gates become gradients of their pre-activations.
   *
   * @param row first row of {@link #dh}
   */
  abstract void backward(Carrier k, Lane lane, int cell, int from, int to, int row, int count);

  /** Gives some (time, row) at which the cell has not run gradients of zero. */
  void skip(int first, int count) {
    Arrays.fill(z, first * gateStride, (first + count) * gateStride, 0);
  }

  /** Adds what flows through the recurrent kernel: one chain over gates in order, then units. */
  abstract void recurrentGradient(Carrier k, Lane lane, int cell, int count, Rows to);

  /** Starts the sums of the weight gradients at zero. */
  abstract void beginGradients(int cells, int threads);

  /** Sums up one thread's columns of the weight gradients over all (time, row) and adds them to {@code gradient}. */
  abstract void gradients(Carrier k, int thread, Rows x, int slot, int cells, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt);
}
