package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.GRU;
import java.util.List;

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
    if (fused) {
      k.gruStep(panels, units, rows, x, h, z, out);
      return;
    }
    k.matmul(panels, rows, x == null ? z : null, x, h, z);
    for (int row = 0; row < rows; row++) {
      gates(k, row, x, h, z, scratch, null);
      int hAt = h.at + row * h.stride;
      int outAt = out.at + row * out.stride;
      for (int j = 0; j < units; j++) {
        float update = scratch[j];
        out.data[outAt + j] = Kernels.fma(update, h.data[hAt + j], (1 - update) * scratch[2 * stride + j]);
      }
    }
  }

  @Override
  List<String> gateNames() {
    return List.of("update", "reset", "candidate");
  }

  @Override
  int gateFloats() {
    return 4 * stride;
  }

  @Override
  void gates(Kernels k, int row, Rows x, Rows h, Rows z, float[] to, Rows cursor) {
    int zAt = z.at + row * z.stride;
    panels.unpack(z.data, zAt, Z, units, to, 0);
    panels.unpack(z.data, zAt, R, units, to, stride);
    panels.unpack(z.data, zAt, NX, units, to, 2 * stride);
    panels.unpack(z.data, zAt, NH, units, to, 3 * stride);
    gate.apply(k, to, 0, units);
    gate.apply(k, to, stride, units);
    for (int j = 0; j < units; j++) {
      to[2 * stride + j] = Kernels.fma(to[stride + j], to[3 * stride + j], to[2 * stride + j]);
    }
    activation.apply(k, to, 2 * stride, units);
  }
}
