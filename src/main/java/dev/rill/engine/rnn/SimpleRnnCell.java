package dev.rill.engine.rnn;

import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.OpContext;
import dev.rill.kernels.Function;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.Recurrent;

/** The SimpleRNN step: one product, one activation. */
final class SimpleRnnCell extends Cell {
  private final Function activation;

  SimpleRnnCell(OpContext w, Recurrent<?> layer) {
    super(layer.units(), PackedWeights.dense(w.packing(), layer.units(), w.features(), w.weights(), w.at(0), layer.units(), w.weights(),
        w.at(1), layer.useBias() ? w.weights() : null, layer.useBias() ? w.at(2) : 0));
    activation = Functions.of(layer.activation());
  }

  @Override
  int outputStride() {
    return panels.outputLength();
  }

  @Override
  void step(Kernels k, int rows, Rows x, Rows h, Rows c, Rows z, Rows out, float[] scratch) {
    k.matmul(panels, rows, x == null ? z : null, x, h, out);
    for (int row = 0; row < rows; row++) {
      activation.apply(k, out.data, out.at + row * out.stride, units);
    }
  }
}
