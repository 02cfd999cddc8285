package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Function;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;

/** The SimpleRNN step: one product, one activation. */
final class SimpleRnnCell extends Cell {
  private final Function activation;

  SimpleRnnCell(OpContext w, Recurrent.Options options) {
    super(options.units, PackedWeights.dense(w.packing(), options.units, w.features(), w.weights(), w.at(0), options.units, w.weights(),
        w.at(1), options.useBias ? w.weights() : null, options.useBias ? w.at(2) : 0));
    activation = options.activation.function();
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
