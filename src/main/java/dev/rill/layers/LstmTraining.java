package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Function;

/**
 * LSTM, forward and backward. Gates i, f, g, o; with f' for the derivative of an activation:
 *
 * <pre>
 *   c' = f . c + i . g            h' = o . act(c')
 *   dc' += dh' . o . act'(c')     dzo = dh' . act(c') . o'
 *   dzi = dc' . g . i'            dzf = dc' . c . f'          dzg = dc' . i . g'          dc = dc' . f
 * </pre>
 */
final class LstmTraining extends OneProductTraining {
  private final Function gate;
  /** Cell states: [slots * rows]. */
  private float[] c = {};
  /** act(c') of every (time, row): c' itself may have been reset since. */
  private float[] out = {};
  /** c', kept only if the derivative needs it. */
  private float[] cell = {};
  private float[] dc = {};

  LstmTraining(Recurrent.Options options, TrainingWiring wiring) {
    super(options, wiring, 4,
        options.activation.function().needsInput() || options.recurrentActivation.function().needsInput());
    gate = options.recurrentActivation.function();
  }

  @Override
  void ensure(TrainingProgram.Batch batch, int cells) {
    super.ensure(batch, cells);
    c = room(c, cells + batch.rows, stride);
    out = room(out, cells, stride);
    dc = room(dc, batch.rows, gradientStride);
    if (activation.needsInput()) {
      cell = room(cell, cells, stride);
    }
  }

  @Override
  int scratchFloats() {
    return 5 * gateWidth;
  }

  @Override
  float[] c() {
    return c;
  }

  @Override
  float[] dc() {
    return dc;
  }

  @Override
  void forward(Carrier k, Lane lane, int first, int from, int to, int count) {
    preActivations(k, lane, first, from, count);
    for (int row = 0; row < count; row++) {
      int i = (first + row) * gateStride;
      int f = i + gateWidth;
      int g = f + gateWidth;
      int o = g + gateWidth;
      int old = (from + row) * stride;
      int next = (to + row) * stride;
      int act = (first + row) * stride;
      gate.apply(k, z, i, gate.rowWise() ? units : gateWidth + units, lane.behind);
      if (gate.rowWise()) {
        gate.apply(k, z, f, units, lane.behind);
      }
      activation.apply(k, z, g, units, lane.behind);
      gate.apply(k, z, o, units, lane.behind);
      for (int j = 0; j < units; j++) {
        float state = Carrier.fma(z[f + j], c[old + j], z[i + j] * z[g + j]);
        c[next + j] = state;
        out[act + j] = state;
      }
      if (cell.length > 0) {
        System.arraycopy(out, act, cell, act, units);
      }
      activation.apply(k, out, act, units, lane.behind);
      for (int j = 0; j < units; j++) {
        h[next + j] = z[o + j] * out[act + j];
      }
    }
  }

  @Override
  void backward(Carrier k, Lane lane, int first, int from, int to, int row0, int count) {
    float[] d = lane.row;
    for (int row = 0; row < count; row++) {
      int i = (first + row) * gateStride;
      int f = i + gateWidth;
      int g = f + gateWidth;
      int o = g + gateWidth;
      int old = (from + row) * stride;
      int act = (first + row) * stride;
      int at = (row0 + row) * gradientStride;
      for (int j = 0; j < units; j++) {
        d[4 * gateWidth + j] = dh[at + j] * z[o + j];
      }
      Derivatives.apply(activation, cell, out, act, d, 4 * gateWidth, units);
      for (int j = 0; j < units; j++) {
        float grad = dc[at + j] + d[4 * gateWidth + j];
        d[j] = grad * z[g + j];
        d[gateWidth + j] = grad * c[old + j];
        d[2 * gateWidth + j] = grad * z[i + j];
        d[3 * gateWidth + j] = dh[at + j] * out[act + j];
        dc[at + j] = grad * z[f + j];
        dh[at + j] = 0;
      }
      Derivatives.apply(gate, before, z, i, d, 0, units);
      Derivatives.apply(gate, before, z, f, d, gateWidth, units);
      Derivatives.apply(activation, before, z, g, d, 2 * gateWidth, units);
      Derivatives.apply(gate, before, z, o, d, 3 * gateWidth, units);
      System.arraycopy(d, 0, z, i, 4 * gateWidth);
    }
  }
}
