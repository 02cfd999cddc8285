package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.GRU;

/** The GRU step with {@code reset_after}; with Keras' default activations the gates are one kernel. */
final class GruCell extends GatedCell {
  // The vectors of a panel: z_nx, z_z, z_r, z_nh.
  private static final int NX = 0;
  private static final int Z = 1;
  private static final int R = 2;
  private static final int NH = 3;

  private GruCell(PackedWeights panels, GRU layer) {
    super(panels, layer);
  }

  static GruCell of(OpContext w, GRU layer) {
    return new GruCell(PackedWeights.gru(w.packing(), layer.units(), w.features(), w.weights(), w.at(0), w.at(1),
        layer.useBias() ? w.at(2) : -1), layer);
  }

  @Override
  boolean inPlace() {
    return true;
  }

  @Override
  void step(Kernels k, int rows, Rows x, Rows h, Rows c, Rows z, Rows out, float[] scratch) {
    k.matmul(panels, rows, x == null ? z : null, x, h, z);
    if (fused) {
      k.gruForward(units, rows, z, h, out);
      return;
    }
    for (int row = 0; row < rows; row++) {
      for (int v = NX; v <= NH; v++) {
        panels.unpack(z.data, z.at + row * z.stride, v, units, scratch, v * stride);
      }
      gate.apply(k, scratch, Z * stride, units);
      gate.apply(k, scratch, R * stride, units);
      for (int j = 0; j < units; j++) {
        scratch[NX * stride + j] =
            Kernels.fma(scratch[R * stride + j], scratch[NH * stride + j], scratch[NX * stride + j]);
      }
      activation.apply(k, scratch, NX * stride, units);
      int hAt = h.at + row * h.stride;
      int outAt = out.at + row * out.stride;
      for (int j = 0; j < units; j++) {
        float update = scratch[Z * stride + j];
        out.data[outAt + j] = Kernels.fma(update, h.data[hAt + j], (1 - update) * scratch[NX * stride + j]);
      }
    }
  }
}
