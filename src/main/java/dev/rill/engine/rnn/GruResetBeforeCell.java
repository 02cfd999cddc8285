package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import dev.rill.layers.GRU;
import java.util.List;

/**
 * The GRU step without {@code reset_after}: the reset gate of every unit is needed before the candidate's product
 * begins, so a step is two products.
 */
final class GruResetBeforeCell extends GatedCell {
  private final PackedWeights candidate;

  GruResetBeforeCell(OpContext w, GRU layer) {
    super(gates(w, layer), layer);
    float[] kernel = columns(w, w.at(0), w.features(), units, 2, 1, units);
    float[] recurrent = columns(w, w.at(1), units, units, 2, 1, units);
    candidate = PackedWeights.dense(w.packing(), units, w.features(), kernel, 0, units, recurrent, 0,
        layer.useBias() ? w.weights() : null, layer.useBias() ? w.at(2) + 2 * units : 0);
  }

  private static PackedWeights gates(OpContext w, GRU layer) {
    int units = layer.units();
    int stride = KernelChoice.padded(units);
    float[] kernel = columns(w, w.at(0), w.features(), units, 0, 2, stride);
    float[] recurrent = columns(w, w.at(1), units, units, 0, 2, stride);
    float[] bias = layer.useBias() ? columns(w, w.at(2), 1, units, 0, 2, stride) : null;
    return PackedWeights.dense(w.packing(), 2 * stride, w.features(), kernel, 0, units, recurrent, 0, bias, 0);
  }

  /** Some gates' columns of a matrix of three, each gate padded to {@code width}. */
  private static float[] columns(OpContext w, int at, int rows, int units, int from, int count, int width) {
    float[] some = new float[rows * count * width];
    for (int row = 0; row < rows; row++) {
      for (int g = 0; g < count; g++) {
        System.arraycopy(w.weights(), at + (row * 3 + from + g) * units, some, (row * count + g) * width, units);
      }
    }
    return some;
  }

  // It works in place.
  @Override
  int scratchFloats() {
    return 0;
  }

  @Override
  boolean ahead() {
    return false;
  }

  @Override
  long weightBytes() {
    return panels.bytes() + candidate.bytes();
  }

  @Override
  int outputStride() {
    return candidate.outputLength();
  }

  @Override
  void step(Kernels k, int rows, Rows x, Rows h, Rows c, Rows z, Rows out, float[] scratch) {
    k.matmul(panels, rows, null, x, h, z);
    for (int row = 0; row < rows; row++) {
      int zAt = z.at + row * z.stride;
      int hAt = h.at + row * h.stride;
      gate.apply(k, z.data, zAt, units);
      gate.apply(k, z.data, zAt + stride, units);
      for (int j = 0; j < units; j++) {
        z.data[zAt + stride + j] *= h.data[hAt + j];
      }
    }
    // z now holds the update gate and, behind it, r . h: the candidate's recurrent input.
    z.at += stride;
    k.matmul(candidate, rows, null, x, z, out);
    z.at -= stride;
    for (int row = 0; row < rows; row++) {
      int zAt = z.at + row * z.stride;
      int hAt = h.at + row * h.stride;
      int outAt = out.at + row * out.stride;
      activation.apply(k, out.data, outAt, units);
      for (int j = 0; j < units; j++) {
        float update = z.data[zAt + j];
        out.data[outAt + j] = Kernels.fma(update, h.data[hAt + j], (1 - update) * out.data[outAt + j]);
      }
    }
  }

  @Override
  List<String> gateNames() {
    return List.of("update", "reset", "candidate");
  }

  @Override
  int gateFloats() {
    return panels.outputLength() + candidate.outputLength();
  }

  /** The reset gate has been multiplied away and the candidate written over: both products are made once more, of one row. */
  @Override
  void gates(Kernels k, int row, Rows x, Rows h, Rows z, float[] to, Rows cursor) {
    int recurrent = row * z.stride + stride;
    x.at += row * x.stride;
    h.at += row * h.stride;
    z.at += recurrent;
    k.matmul(panels, 1, null, x, h, cursor.set(to, 0, 0));
    gate.apply(k, to, 0, units);
    gate.apply(k, to, stride, units);
    k.matmul(candidate, 1, null, x, z, cursor.set(to, 2 * stride, 0));
    activation.apply(k, to, 2 * stride, units);
    z.at -= recurrent;
    h.at -= row * h.stride;
    x.at -= row * x.stride;
  }
}
