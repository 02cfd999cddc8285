package dev.rill.engine.rnn;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.engine.ops.WeightGradient;
import dev.rill.kernels.Function;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.Recurrent;
import java.util.Arrays;

/** A cell whose gates all read the same hidden state, so that one product reaches them all: LSTM and SimpleRNN. */
abstract class FusedGatesTraining extends TrainingCell {
  final Function activation;
  private final PackedWeights[] recurrentKernel;
  private final PackedWeights[] recurrentBack;
  private final WeightGradient[] sums;
  private final boolean keepsInput;
  /** The pre-activations, kept only if a derivative needs them. */
  float[] preActivation = {};

  FusedGatesTraining(Recurrent<?> layer, TrainingOpContext context, int gates, boolean keepsInput) {
    super(layer, context, gates);
    activation = Functions.of(layer.activation());
    this.keepsInput = keepsInput;
    recurrentKernel = panels(groups, groupColumns, units);
    recurrentBack = panels(groups, units, groupColumns);
    sums = new WeightGradient[groups];
    Arrays.setAll(sums, g -> new WeightGradient(bias, groupColumns, inputs, units));
  }

  @Override
  void ensure(TrainingBatch batch, int cells) {
    super.ensure(batch, cells);
    if (keepsInput) {
      preActivation = Buffers.grown(preActivation, cells, gateStride);
    }
  }

  @Override
  final void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    super.pack(weights, kernelAt, recurrentAt, biasAt);
    if (bias) {
      fillStart(weights, biasAt);
    }
    fill(recurrentKernel, weights, recurrentAt);
    fillBack(recurrentBack, weights, recurrentAt, units);
  }

  /** Completes the pre-activations of some rows by the state's part. */
  final void preActivations(Kernels k, int first, int from, int count) {
    state(k, recurrentKernel, from, first, count, z, gateStride);
    if (keepsInput) {
      System.arraycopy(z, first * gateStride, preActivation, first * gateStride, count * gateStride);
    }
  }

  @Override
  final void recurrentGradient(Kernels k, int first, int count, Rows to) {
    stateGradient(k, recurrentBack, z, gateStride, first, count, to);
  }

  @Override
  final void ensureSums(int cells) {
    for (WeightGradient sum : sums) {
      sum.ensure(cells);
    }
  }

  @Override
  final void gradients(Kernels k, Rows x, int slot, int from, int to, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt) {
    for (int g = 0; g < groups; g++) {
      int column = g * groupColumns;
      Rows states = stateDropout.kept(g, scratch.a.set(h, (slot + from) * stride, stride), from, scratch.a);
      sums[g].begin();
      sums[g].add(k, inputDropout.kept(g, x, from, scratch.d), states,
          scratch.b.set(z, from * gateStride + g * gateWidth, gateStride), steps, to - from, rows);
      sums[g].deliver(0, inputs, gradient, kernelAt + column, columns);
      sums[g].deliver(inputs, units, gradient, recurrentAt + column, columns);
      if (bias) {
        sums[g].deliver(sums[g].biasRow(), 1, gradient, biasAt + column, 0);
      }
    }
  }
}
