package dev.rill.engine.rnn;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Function;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Pairwise;
import dev.rill.layers.LSTM;
import java.util.Arrays;

/**
 * LSTM, forward and backward, with the symbols and equations of {@link dev.rill.kernels}; any activation takes the place of
 * tanh, and of σ in the gates.
 */
final class LstmTraining extends FusedGatesTraining {
  private final Function gate;
  /** Whether {@link Kernels#lstmBackward} fits: its functions, and gates side by side. */
  private final boolean fused;
  /** Cell states: [slots * rows]. */
  private float[] c = {};
  /** tanh(c') of every (time, row): c' itself may have been reset since. */
  private float[] tanhC = {};
  /** c', kept only if the derivative needs it. */
  private float[] cell = {};
  private float[] dc = {};

  LstmTraining(LSTM layer, TrainingOpContext context) {
    super(layer, context, 4,
        Functions.of(layer.activation()).needsInput() || Functions.of(layer.recurrentActivation()).needsInput());
    gate = Functions.of(layer.recurrentActivation());
    fused = gate == Function.SIGMOID && activation == Function.TANH && gateWidth == units;
  }

  @Override
  void ensure(TrainingBatch batch, int cells) {
    super.ensure(batch, cells);
    c = Buffers.grown(c, cells + batch.rows, stride);
    tanhC = Buffers.grown(tanhC, cells, stride);
    dc = Buffers.grown(dc, batch.rows, gradientStride);
    if (activation.needsInput()) {
      cell = Buffers.grown(cell, cells, stride);
    }
  }

  @Override
  int scratchFloats() {
    return 5 * gateWidth;
  }

  @Override
  float[] c() {
    return c;
  }

  @Override
  float[] dc() {
    return dc;
  }

  @Override
  void forward(Kernels k, int first, int from, int to, int count) {
    preActivations(k, first, from, count);
    for (int row = 0; row < count; row++) {
      int i = (first + row) * gateStride;
      int f = i + gateWidth;
      int g = f + gateWidth;
      int o = g + gateWidth;
      int old = (from + row) * stride;
      int next = (to + row) * stride;
      int act = (first + row) * stride;
      gate.apply(k, z, i, gate.rowWise() ? units : gateWidth + units, scratch.tail);
      if (gate.rowWise()) {
        gate.apply(k, z, f, units, scratch.tail);
      }
      activation.apply(k, z, g, units, scratch.tail);
      gate.apply(k, z, o, units, scratch.tail);
      k.pairwise(Pairwise.TIMES, units, z, i, z, g, tanhC, act);
      k.pairwise(Pairwise.PLUS_TIMES, units, z, f, c, old, tanhC, act);
      System.arraycopy(tanhC, act, c, next, units);
      if (cell.length > 0) {
        System.arraycopy(tanhC, act, cell, act, units);
      }
      activation.apply(k, tanhC, act, units, scratch.tail);
      k.pairwise(Pairwise.TIMES, units, z, o, tanhC, act, h, next);
    }
  }

  @Override
  void backward(Kernels k, int first, int from, int to, int row0, int count) {
    for (int row = 0; row < count; row++) {
      int i = (first + row) * gateStride;
      int old = (from + row) * stride;
      int act = (first + row) * stride;
      int at = (row0 + row) * gradientStride;
      if (fused) {
        k.lstmBackward(units, z, i, c, old, tanhC, act, dh, dc, at);
      } else {
        backward(k, scratch.row, i, old, act, at);
      }
    }
  }

  /** One row with any activations. */
  private void backward(Kernels k, float[] d, int i, int old, int act, int at) {
    int f = i + gateWidth;
    int g = f + gateWidth;
    int o = g + gateWidth;
    k.pairwise(Pairwise.TIMES, units, dh, at, z, o, d, 4 * gateWidth);
    Derivatives.apply(k, activation, cell, tanhC, act, d, 4 * gateWidth, units);
    k.pairwise(Pairwise.PLUS, units, dc, at, d, 4 * gateWidth, dc, at);
    k.pairwise(Pairwise.TIMES, units, dc, at, z, g, d, 0);
    k.pairwise(Pairwise.TIMES, units, dc, at, c, old, d, gateWidth);
    k.pairwise(Pairwise.TIMES, units, dc, at, z, i, d, 2 * gateWidth);
    k.pairwise(Pairwise.TIMES, units, dh, at, tanhC, act, d, 3 * gateWidth);
    k.pairwise(Pairwise.TIMES, units, dc, at, z, f, dc, at);
    Arrays.fill(dh, at, at + units, 0);
    Derivatives.apply(k, gate, preActivation, z, i, d, 0, units);
    Derivatives.apply(k, gate, preActivation, z, f, d, gateWidth, units);
    Derivatives.apply(k, activation, preActivation, z, g, d, 2 * gateWidth, units);
    Derivatives.apply(k, gate, preActivation, z, o, d, 3 * gateWidth, units);
    System.arraycopy(d, 0, z, i, 4 * gateWidth);
  }
}
