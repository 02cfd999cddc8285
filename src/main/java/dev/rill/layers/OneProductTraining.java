package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Function;
import dev.rill.kernels.Panels;
import dev.rill.kernels.Rows;

/** A cell whose gates all read the same hidden state, so that one product reaches them all: LSTM and SimpleRNN. */
abstract class OneProductTraining extends TrainingCell {
  final Function activation;
  private final int columns;
  private final Panels recurrentKernel;
  private final Panels recurrentBack;
  private final WeightGradient sums;
  private final boolean keepsInput;
  /** The pre-activations, kept only if a derivative needs them. */
  float[] before = {};

  OneProductTraining(Recurrent.Options options, int inputs, int gates, boolean keepsInput) {
    super(options, inputs, gates);
    activation = options.activation.function();
    columns = gates * units;
    this.keepsInput = keepsInput;
    recurrentKernel = Panels.fillable(columns, units);
    recurrentBack = Panels.fillable(units, columns);
    sums = new WeightGradient(bias, columns, inputs, units);
  }

  @Override
  void ensure(int cells, int rows, int threads) {
    super.ensure(cells, rows, threads);
    if (keepsInput) {
      before = room(before, cells, gateStride);
    }
  }

  @Override
  final void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    super.pack(weights, kernelAt, recurrentAt, biasAt);
    if (bias) {
      kernel.fillStart(weights, biasAt, columns);
    }
    recurrentKernel.fill(weights, recurrentAt, columns, columns);
    recurrentBack.fillTransposed(weights, recurrentAt, columns, units);
  }

  /** Completes the pre-activations of some rows by the state's part. */
  final void preActivations(Carrier k, Lane lane, int first, int from, int count) {
    lane.c.set(z, first * gateStride, gateStride);
    k.product(recurrentKernel, count, lane.c, lane.a.set(h, from * stride, stride), null, lane.c);
    if (keepsInput) {
      System.arraycopy(z, first * gateStride, before, first * gateStride, count * gateStride);
    }
  }

  @Override
  final void recurrentGradient(Carrier k, Lane lane, int first, int count, Rows to) {
    k.product(recurrentBack, count, to, lane.b.set(z, first * gateStride, gateStride), null, to);
  }

  @Override
  final void beginGradients(int cells, int threads) {
    sums.begin(cells, threads);
  }

  @Override
  final void gradients(Carrier k, int thread, Rows x, int slot, int cells, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt) {
    Lane lane = lanes[thread];
    sums.add(k, thread, x, lane.a.set(h, slot * stride, stride), cells, lane.b.set(z, 0, gateStride));
    sums.deliver(thread, 0, inputs, gradient, kernelAt, columns);
    sums.deliver(thread, inputs, units, gradient, recurrentAt, columns);
    if (bias) {
      sums.deliver(thread, sums.biasRow(), 1, gradient, biasAt, 0);
    }
  }
}
