package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Function;
import dev.rill.kernels.Panels;
import dev.rill.kernels.Rows;
import java.util.Arrays;

/**
 * GRU, forward and backward, both variants. With hh for the candidate and m for what the recurrent kernel gives it:
 *
 * <pre>
 *   reset_after:  m = h @ R_h + br_h,  hh = act(zx + r . m)         else:  m = (r . h) @ R_h,  hh = act(zx + m)
 *   h' = z . h + (1 - z) . hh
 *   dzz = dh' . (h - hh) . z'          dzx = dh' . (1 - z) . act'          dh = dh' . z
 *   reset_after:  dzr = dzx . m . r',  dm = dzx . r                  else:  d = dzx @ R_h^T,  dzr = d . h . r',  dh += d . r
 * </pre>
 */
final class GruTraining extends TrainingCell {
  private final Function activation;
  private final Function gate;
  private final boolean resetAfter;
  /** The gates that the state reaches first: z, r and, with {@code reset_after}, the candidate. */
  private final Panels recurrentKernel;
  private final Panels recurrentBack;
  /** The candidate's own part of the recurrent kernel, without {@code reset_after}. */
  private final Panels candidate;
  private final Panels candidateBack;
  private final WeightGradient inputSums;
  private final WeightGradient recurrentSums;
  private final WeightGradient candidateSums;
  private final int gates;
  private final int reachedStride;
  /** Pre-activations with the state's part added: z, r, m; then their gradients. Without {@code reset_after}: z, r alone. */
  private float[] reached = {};
  /** r . h, without {@code reset_after}. */
  private float[] reset = {};
  /** The candidate's pre-activation, with the width of its product. */
  private float[] mixed = {};
  /** The pre-activations, kept only if a derivative needs them. */
  private float[] before = {};
  private final float[] start;

  GruTraining(Recurrent.Options options, int inputs) {
    super(options, inputs, 3);
    activation = options.activation.function();
    gate = options.recurrentActivation.function();
    resetAfter = options.resetAfter;
    gates = resetAfter ? 3 : 2;
    recurrentKernel = Panels.fillable(gates * units, units);
    recurrentBack = Panels.fillable(units, gates * units);
    candidate = resetAfter ? null : Panels.fillable(units, units);
    candidateBack = resetAfter ? null : Panels.fillable(units, units);
    inputSums = new WeightGradient(bias, 3 * units, inputs);
    recurrentSums = new WeightGradient(bias && resetAfter, gates * units, units);
    candidateSums = resetAfter ? null : new WeightGradient(false, units, units);
    reachedStride = recurrentKernel.columns();
    start = new float[3 * units];
  }

  @Override
  void ensure(int cells, int rows, int threads) {
    super.ensure(cells, rows, threads);
    reached = room(reached, cells, reachedStride);
    if (!resetAfter) {
      reset = room(reset, cells, stride);
      mixed = room(mixed, cells, gradientStride);
    }
    if (activation.needsInput() || gate.needsInput()) {
      before = room(before, cells, gateStride);
    }
  }

  @Override
  int scratchFloats() {
    return 4 * units;
  }

  @Override
  void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    super.pack(weights, kernelAt, recurrentAt, biasAt);
    if (bias) {
      System.arraycopy(weights, biasAt, start, 0, 3 * units);
      for (int j = 0; resetAfter && j < 2 * units; j++) {
        start[j] += weights[biasAt + 3 * units + j];
      }
      kernel.fillStart(start, 0, 3 * units);
      if (resetAfter) {
        System.arraycopy(weights, biasAt + 5 * units, start, 2 * units, units);
      }
    }
    recurrentKernel.fill(weights, recurrentAt, 3 * units, gates * units);
    recurrentBack.fillTransposed(weights, recurrentAt, 3 * units, units);
    if (!resetAfter) {
      candidate.fill(weights, recurrentAt + 2 * units, 3 * units, units);
      candidateBack.fillTransposed(weights, recurrentAt + 2 * units, 3 * units, units);
    }
  }

  @Override
  void forward(Carrier k, Lane lane, int first, int from, int to, int count) {
    for (int row = 0; row < count; row++) {
      int at = (first + row) * reachedStride;
      System.arraycopy(z, (first + row) * gateStride, reached, at, 2 * units);
      if (resetAfter) {
        System.arraycopy(start, 2 * units, reached, at + 2 * units, units);
      }
    }
    lane.c.set(reached, first * reachedStride, reachedStride);
    k.product(recurrentKernel, count, lane.c, lane.a.set(h, from * stride, stride), null, lane.c);
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      System.arraycopy(reached, (first + row) * reachedStride, z, update, 2 * units);
      if (before.length > 0) {
        System.arraycopy(z, update, before, update, 2 * units);
      }
      gate.apply(k, z, update, units, lane.behind);
      gate.apply(k, z, update + units, units, lane.behind);
    }
    candidates(k, lane, first, from, count);
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      int mix = update + 2 * units;
      int old = (from + row) * stride;
      int next = (to + row) * stride;
      if (before.length > 0) {
        System.arraycopy(z, mix, before, mix, units);
      }
      activation.apply(k, z, mix, units, lane.behind);
      for (int j = 0; j < units; j++) {
        h[next + j] = Carrier.fma(z[update + j], h[old + j], (1 - z[update + j]) * z[mix + j]);
      }
    }
  }

  /** The candidates' pre-activations, where the input's part of them was. */
  private void candidates(Carrier k, Lane lane, int first, int from, int count) {
    for (int row = 0; row < count; row++) {
      int r = (first + row) * gateStride + units;
      int m = (first + row) * reachedStride + 2 * units;
      int old = (from + row) * stride;
      if (resetAfter) {
        for (int j = 0; j < units; j++) {
          z[r + units + j] = Carrier.fma(z[r + j], reached[m + j], z[r + units + j]);
        }
      } else {
        for (int j = 0; j < units; j++) {
          reset[(first + row) * stride + j] = z[r + j] * h[old + j];
        }
        System.arraycopy(z, r + units, mixed, (first + row) * gradientStride, units);
      }
    }
    if (!resetAfter) {
      lane.c.set(mixed, first * gradientStride, gradientStride);
      k.product(candidate, count, lane.c, lane.a.set(reset, first * stride, stride), null, lane.c);
      for (int row = 0; row < count; row++) {
        System.arraycopy(mixed, (first + row) * gradientStride, z, (first + row) * gateStride + 2 * units, units);
      }
    }
  }

  @Override
  void backward(Carrier k, Lane lane, int first, int from, int to, int row0, int count) {
    float[] d = lane.row;
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      int r = update + units;
      int mix = r + units;
      int old = (from + row) * stride;
      int at = (row0 + row) * gradientStride;
      int way = (first + row) * reachedStride;
      for (int j = 0; j < units; j++) {
        d[j] = dh[at + j] * (h[old + j] - z[mix + j]);
        d[2 * units + j] = dh[at + j] * (1 - z[update + j]);
        dh[at + j] *= z[update + j];
      }
      Derivatives.apply(gate, before, z, update, d, 0, units);
      Derivatives.apply(activation, before, z, mix, d, 2 * units, units);
      System.arraycopy(d, 0, z, update, units);
      System.arraycopy(d, 2 * units, z, mix, units);
      if (resetAfter) {
        for (int j = 0; j < units; j++) {
          d[units + j] = d[2 * units + j] * reached[way + 2 * units + j];
          d[3 * units + j] = d[2 * units + j] * z[r + j];
        }
        Derivatives.apply(gate, before, z, r, d, units, units);
        System.arraycopy(d, units, z, r, units);
        System.arraycopy(d, 0, reached, way, 2 * units);
        System.arraycopy(d, 3 * units, reached, way + 2 * units, units);
      }
    }
    if (!resetAfter) {
      beforeReset(k, lane, first, from, row0, count);
    }
  }

  /** Without {@code reset_after}: the reset gate's gradient comes back through the candidate's product. */
  private void beforeReset(Carrier k, Lane lane, int first, int from, int row0, int count) {
    float[] d = lane.row;
    lane.c.set(mixed, first * gradientStride, gradientStride);
    k.product(candidateBack, count, null, lane.b.set(z, first * gateStride + 2 * units, gateStride), null, lane.c);
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      int r = update + units;
      int old = (from + row) * stride;
      int back = (first + row) * gradientStride;
      int at = (row0 + row) * gradientStride;
      for (int j = 0; j < units; j++) {
        d[j] = mixed[back + j] * h[old + j];
        dh[at + j] = Carrier.fma(mixed[back + j], z[r + j], dh[at + j]);
      }
      Derivatives.apply(gate, before, z, r, d, 0, units);
      System.arraycopy(d, 0, z, r, units);
      System.arraycopy(z, update, reached, (first + row) * reachedStride, 2 * units);
    }
  }

  @Override
  void skip(int first, int count) {
    super.skip(first, count);
    Arrays.fill(reached, first * reachedStride, (first + count) * reachedStride, 0);
    if (!resetAfter) {
      Arrays.fill(reset, first * stride, (first + count) * stride, 0);
    }
  }

  @Override
  void recurrentGradient(Carrier k, Lane lane, int first, int count, Rows to) {
    k.product(recurrentBack, count, to, lane.b.set(reached, first * reachedStride, reachedStride), null, to);
  }

  @Override
  void beginGradients(int cells, int threads) {
    inputSums.begin(cells, threads);
    recurrentSums.begin(cells, threads);
    if (!resetAfter) {
      candidateSums.begin(cells, threads);
    }
  }

  @Override
  void gradients(Carrier k, int thread, Rows x, int slot, int cells, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt) {
    Lane lane = lanes[thread];
    inputSums.add(k, thread, x, null, cells, lane.b.set(z, 0, gateStride));
    inputSums.deliver(thread, 0, inputs, gradient, kernelAt, 3 * units);
    lane.a.set(h, slot * stride, stride);
    recurrentSums.add(k, thread, lane.a, null, cells, lane.b.set(reached, 0, reachedStride));
    recurrentSums.deliver(thread, 0, units, gradient, recurrentAt, 3 * units);
    if (bias) {
      inputSums.deliver(thread, inputSums.biasRow(), 1, gradient, biasAt, 0);
    }
    if (bias && resetAfter) {
      recurrentSums.deliver(thread, recurrentSums.biasRow(), 1, gradient, biasAt + 3 * units, 0);
    }
    if (!resetAfter) {
      candidateSums.add(k, thread, lane.a.set(reset, 0, stride), null, cells, lane.b.set(z, 2 * units, gateStride));
      candidateSums.deliver(thread, 0, units, gradient, recurrentAt + 2 * units, 3 * units);
    }
  }
}
