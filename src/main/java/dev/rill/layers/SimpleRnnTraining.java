package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Derivatives;
import java.util.Arrays;

/** SimpleRNN, forward and backward: {@code h' = act(z)}, {@code dz = dh' . act'(z)}. */
final class SimpleRnnTraining extends FusedGatesTraining {

  SimpleRnnTraining(Recurrent.Options options, TrainingOpContext wiring) {
    super(options, wiring, 1, options.activation.function().needsInput());
  }

  @Override
  int scratchFloats() {
    return units;
  }

  @Override
  void forward(Kernels k, ThreadScratch lane, int first, int from, int to, int count) {
    preActivations(k, lane, first, from, count);
    for (int row = 0; row < count; row++) {
      int at = (first + row) * gateStride;
      activation.apply(k, z, at, units, lane.behind);
      System.arraycopy(z, at, h, (to + row) * stride, units);
    }
  }

  @Override
  void backward(Kernels k, ThreadScratch lane, int first, int from, int to, int row0, int count) {
    float[] d = lane.row;
    for (int row = 0; row < count; row++) {
      int at = (first + row) * gateStride;
      int grad = (row0 + row) * gradientStride;
      System.arraycopy(dh, grad, d, 0, units);
      Derivatives.apply(k, activation, before, z, at, d, 0, units);
      System.arraycopy(d, 0, z, at, units);
      Arrays.fill(dh, grad, grad + units, 0);
    }
  }
}
