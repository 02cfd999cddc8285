package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.LSTM;
import java.util.List;

/** The LSTM step; with Keras' default activations the gates are one kernel. */
final class LstmCell extends GatedCell {
  private static final int I = 0;
  private static final int F = 1;
  private static final int G = 2;
  private static final int O = 3;

  private LstmCell(PackedWeights panels, LSTM layer) {
    super(panels, layer);
  }

  static LstmCell of(OpContext w, LSTM layer) {
    return new LstmCell(PackedWeights.lstm(w.packing(), layer.units(), w.features(), w.weights(), w.at(0), w.at(1),
        layer.useBias() ? w.at(2) : -1), layer);
  }

  @Override
  int planes() {
    return 2;
  }

  @Override
  boolean inPlace() {
    return true;
  }

  @Override
  void step(Kernels k, int rows, Rows x, Rows h, Rows c, Rows z, Rows out, float[] scratch) {
    if (fused) {
      k.lstmStep(panels, units, rows, x, h, c, z, out);
      return;
    }
    k.matmul(panels, rows, x == null ? z : null, x, h, z);
    for (int row = 0; row < rows; row++) {
      gates(k, row, x, h, z, scratch, null);
      int cAt = c.at + row * c.stride;
      for (int j = 0; j < units; j++) {
        float cell = Kernels.fma(scratch[F * stride + j], c.data[cAt + j], scratch[I * stride + j] * scratch[G * stride + j]);
        c.data[cAt + j] = cell;
        scratch[G * stride + j] = cell;
      }
      activation.apply(k, scratch, G * stride, units);
      int outAt = out.at + row * out.stride;
      for (int j = 0; j < units; j++) {
        out.data[outAt + j] = scratch[O * stride + j] * scratch[G * stride + j];
      }
    }
  }

  @Override
  List<String> gateNames() {
    return List.of("input", "forget", "candidate", "output");
  }

  @Override
  int gateFloats() {
    return 4 * stride;
  }

  @Override
  void gates(Kernels k, int row, Rows x, Rows h, Rows z, float[] to, Rows cursor) {
    for (int v = I; v <= O; v++) {
      panels.unpack(z.data, z.at + row * z.stride, v, units, to, v * stride);
      (v == G ? activation : gate).apply(k, to, v * stride, units);
    }
  }
}
