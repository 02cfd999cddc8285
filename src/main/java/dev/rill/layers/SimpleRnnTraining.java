package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Function;
import dev.rill.kernels.Panels;
import dev.rill.kernels.Rows;
import java.util.Arrays;

/** SimpleRNN, forward and backward: {@code h' = act(z)}, {@code dz = dh' . act'(z)}. */
final class SimpleRnnTraining extends TrainingCell {
  private final Function activation;
  private final Panels recurrentKernel;
  private final Panels recurrentBack;
  private final WeightGradient sums;
  /** The pre-activations, kept only if the derivative needs them. */
  private float[] before = {};

  SimpleRnnTraining(Recurrent.Options options, int inputs) {
    super(options, inputs, 1);
    activation = options.activation.function();
    recurrentKernel = Panels.fillable(units, units);
    recurrentBack = Panels.fillable(units, units);
    sums = new WeightGradient(bias, units, inputs, units);
  }

  @Override
  void ensure(int cells, int rows, int threads) {
    super.ensure(cells, rows, threads);
    if (activation.needsInput()) {
      before = room(before, cells, gateStride);
    }
  }

  @Override
  int scratchFloats() {
    return units;
  }

  @Override
  void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    super.pack(weights, kernelAt, recurrentAt, biasAt);
    if (bias) {
      kernel.fillStart(weights, biasAt, units);
    }
    recurrentKernel.fill(weights, recurrentAt, units, units);
    recurrentBack.fillTransposed(weights, recurrentAt, units, units);
  }

  @Override
  void forward(Carrier k, Lane lane, int first, int from, int to, int count) {
    lane.c.set(z, first * gateStride, gateStride);
    k.product(recurrentKernel, count, lane.c, lane.a.set(recurrent, from * stride, stride), null, lane.c);
    if (before.length > 0) {
      System.arraycopy(z, first * gateStride, before, first * gateStride, count * gateStride);
    }
    for (int row = 0; row < count; row++) {
      int at = (first + row) * gateStride;
      activation.apply(k, z, at, units, lane.behind);
      System.arraycopy(z, at, h, (to + row) * stride, units);
    }
  }

  @Override
  void backward(Carrier k, Lane lane, int first, int from, int to, int row0, int count) {
    float[] d = lane.row;
    for (int row = 0; row < count; row++) {
      int at = (first + row) * gateStride;
      int grad = (row0 + row) * gradientStride;
      System.arraycopy(dh, grad, d, 0, units);
      Derivatives.apply(activation, before, z, at, d, 0, units);
      System.arraycopy(d, 0, z, at, units);
      Arrays.fill(dh, grad, grad + units, 0);
    }
  }

  @Override
  void recurrentGradient(Carrier k, Lane lane, int first, int count, Rows to) {
    k.product(recurrentBack, count, to, lane.b.set(z, first * gateStride, gateStride), null, to);
  }

  @Override
  void beginGradients(int cells, int threads) {
    sums.begin(cells, threads);
  }

  @Override
  void gradients(Carrier k, int thread, Rows x, int slot, int cells, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt) {
    Lane lane = lanes[thread];
    sums.add(k, thread, x, lane.a.set(recurrent, slot * stride, stride), cells, lane.b.set(z, 0, gateStride));
    sums.deliver(thread, 0, inputs, gradient, kernelAt, units);
    sums.deliver(thread, inputs, units, gradient, recurrentAt, units);
    if (bias) {
      sums.deliver(thread, sums.biasRow(), 1, gradient, biasAt, 0);
    }
  }
}
