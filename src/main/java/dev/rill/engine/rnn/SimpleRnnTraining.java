package dev.rill.engine.rnn;

import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Kernels;
import dev.rill.layers.Recurrent;
import java.util.Arrays;

/** SimpleRNN, forward and backward: {@code h' = act(z)}, {@code dz = dh' . act'(z)}. */
final class SimpleRnnTraining extends FusedGatesTraining {

  SimpleRnnTraining(Recurrent<?> layer, TrainingOpContext context) {
    super(layer, context, 1, Functions.of(layer.activation()).needsInput());
  }

  @Override
  int scratchFloats() {
    return units;
  }

  @Override
  void forward(Kernels k, int first, int from, int to, int count) {
    preActivations(k, first, from, count);
    for (int row = 0; row < count; row++) {
      int at = (first + row) * gateStride;
      activation.apply(k, z, at, units, scratch.tail);
      System.arraycopy(z, at, h, (to + row) * stride, units);
    }
  }

  @Override
  void backward(Kernels k, int first, int from, int to, int row0, int count) {
    float[] d = scratch.row;
    for (int row = 0; row < count; row++) {
      int at = (first + row) * gateStride;
      int grad = (row0 + row) * gradientStride;
      System.arraycopy(dh, grad, d, 0, units);
      Derivatives.apply(k, activation, preActivation, z, at, d, 0, units);
      System.arraycopy(d, 0, z, at, units);
      Arrays.fill(dh, grad, grad + units, 0);
    }
  }
}
