package dev.rill.engine.rnn;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.engine.ops.TrainingScratch;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Recurrent;
import java.util.Arrays;

/**
 * One recurrent cell in training: its equations forward and backward, and what it keeps of every (time, row) in between.
 * Gates lie in Keras' order, one behind the other, and give way to the gradients of their pre-activations in the backward
 * pass.
 *
 * <p>All gates read the same input and state, in one product; but with recurrent dropout each has masks of its own, as in Keras,
 * and so a product of its own: there are as many groups of gates as products.
 *
 * <p>States lie in slots: a step reads the rows of one slot and writes those of the next.
 */
abstract class TrainingCell {
  final int units;
  final int inputs;
  final boolean bias;
  final int groups;
  /** Columns of one group in a matrix of weights. */
  final int groupColumns;
  /** Columns of all gates in a matrix of weights. */
  final int columns;
  /** Floats from gate to gate in a row of {@link #z}. */
  final int gateWidth;
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
  final CellDropout inputDropout;
  final CellDropout stateDropout;
  private final PackedWeights[] kernel;
  private final PackedWeights[] kernelBack;
  int rows;
  int steps;
  TrainingScratch scratch;

  TrainingCell(Recurrent<?> layer, TrainingOpContext context, int gates) {
    units = layer.units();
    bias = layer.useBias();
    inputs = context.input(0).width;
    // Keras' LSTM and GRU leave a rate of 1 out.
    boolean one = gates == 1;
    double rate = layer.dropout() < 1 || one ? layer.dropout() : 0;
    double stateRate = layer.recurrentDropout() < 1 || one ? layer.recurrentDropout() : 0;
    groups = stateRate > 0 ? gates : 1;
    columns = gates * units;
    groupColumns = columns / groups;
    inputDropout = new CellDropout(rate, groups, inputs, context.index(), CellDropout.Place.INPUT);
    stateDropout = new CellDropout(stateRate, groups, units, context.index(), CellDropout.Place.STATE);
    kernel = panels(groups, groupColumns, inputs);
    kernelBack = panels(groups, inputs, groupColumns);
    stride = KernelChoice.padded(units) + KernelChoice.PADDING;
    gateWidth = groups == 1 ? units : PackedWeights.denseOutputLength(units);
    gateStride = groups * PackedWeights.denseOutputLength(groupColumns) + KernelChoice.PADDING;
    gradientStride = PackedWeights.denseOutputLength(units);
  }

  static PackedWeights[] panels(int count, int outputs, int inputs) {
    PackedWeights[] panels = new PackedWeights[count];
    Arrays.setAll(panels, g -> PackedWeights.fillable(outputs, inputs));
    return panels;
  }

  /** Makes room for so many (time, row). */
  void ensure(TrainingBatch batch, int cells) {
    rows = batch.rows;
    steps = cells / rows;
    z = Buffers.grown(z, cells, gateStride);
    h = Buffers.grown(h, cells + rows, stride);
    dh = Buffers.grown(dh, rows, gradientStride);
    inputDropout.ensure(batch, cells);
    stateDropout.ensure(batch, cells);
    scratch = scratch == null ? new TrainingScratch(scratchFloats()) : scratch;
    ensureSums(batch.sectionRows * steps);
  }

  /** Floats of scratch. */
  int scratchFloats() {
    return 0;
  }

  /** Fills the packed weights. */
  void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    fill(kernel, weights, kernelAt);
    fillBack(kernelBack, weights, kernelAt, inputs);
  }

  /** Fills panels of one matrix each, as they lie side by side in the weights. */
  final void fill(PackedWeights[] panels, float[] weights, int at) {
    for (int g = 0; g < panels.length; g++) {
      panels[g].fill(weights, at + g * groupColumns, columns, groupColumns);
    }
  }

  /** The same for their transposes. */
  final void fillBack(PackedWeights[] panels, float[] weights, int at, int height) {
    for (int g = 0; g < panels.length; g++) {
      panels[g].fillTransposed(weights, at + g * groupColumns, columns, height);
    }
  }

  /** Fills what the pre-activations start at. */
  final void fillStart(float[] values, int at) {
    for (int g = 0; g < groups; g++) {
      kernel[g].fillStart(values, at + g * groupColumns, groupColumns);
    }
  }

  /** Draws what dropout leaves in this call. */
  final void draw() {
    inputDropout.draw();
    stateDropout.draw();
  }

  /** The input's part of the pre-activations of some (time, row), from {@code first} on. */
  final void input(Kernels k, Rows x, int first, int count) {
    for (int g = 0; g < groups; g++) {
      k.matmul(kernel[g], count, null, inputDropout.keep(g, x, first, count, scratch.d), null,
          scratch.b.set(z, first * gateStride + g * gateWidth, gateStride));
    }
  }

  /** Adds the gradient with respect to some inputs. */
  final void inputGradient(Kernels k, int first, int count, Rows dx) {
    for (int g = 0; g < groups; g++) {
      inputDropout.back(k, kernelBack[g], g, first % rows, count,
          scratch.b.set(z, first * gateStride + g * gateWidth, gateStride), dx, scratch.d);
    }
  }

  /** Adds the state's part to some pre-activations, {@link #gateWidth} from group to group. */
  final void state(Kernels k, PackedWeights[] recurrentKernel, int from, int first, int count, float[] to,
      int toStride) {
    for (int g = 0; g < recurrentKernel.length; g++) {
      Rows part = scratch.c.set(to, first * toStride + g * gateWidth, toStride);
      Rows kept = stateDropout.keep(g, scratch.a.set(h, from * stride, stride), first, count, scratch.d);
      k.matmul(recurrentKernel[g], count, part, kept, null, part);
    }
  }

  /** Adds the gradient that comes back through the recurrent kernel: over gates in order, then units. */
  final void stateGradient(Kernels k, PackedWeights[] recurrentBack, float[] pre, int preStride, int first,
      int count, Rows to) {
    for (int g = 0; g < recurrentBack.length; g++) {
      stateDropout.back(k, recurrentBack[g], g, first % rows, count,
          scratch.b.set(pre, first * preStride + g * gateWidth, preStride), to, scratch.d);
    }
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
  abstract void forward(Kernels k, int cell, int from, int to, int count);

  /**
   * Takes the gradient of some rows back through one step: {@link #dh} is that of the state written and becomes what flows
   * past the recurrent kernel to the state read; the gates become gradients of their pre-activations.
   *
   * @param row first row of {@link #dh}
   */
  abstract void backward(Kernels k, int cell, int from, int to, int row, int count);

  /** Gives some (time, row) at which the cell has not run gradients of zero. */
  void skip(int first, int count) {
    Arrays.fill(z, first * gateStride, (first + count) * gateStride, 0);
    stateDropout.skip(first, count);
  }

  /** Adds what flows through the recurrent kernel: over gates in order, then units. */
  abstract void recurrentGradient(Kernels k, int cell, int count, Rows to);

  /** Makes room for the sums of the weight gradients. */
  abstract void ensureSums(int cells);

  /**
   * Sums up the weight gradients over some rows at all steps and adds them to {@code gradient}.
   *
   * @param x inputs, from row {@code from} at the first step on
   * @param slot first row of the first slot that is read, in order of time
   */
  abstract void gradients(Kernels k, Rows x, int slot, int from, int to, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt);
}
