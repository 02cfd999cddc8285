package dev.rill.engine.rnn;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.engine.ops.WeightGradient;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Function;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Pairwise;
import dev.rill.kernels.Rows;
import dev.rill.layers.GRU;
import java.util.Arrays;

/**
 * GRU, forward and backward, both variants, with the symbols and equations of {@link dev.rill.kernels}; any activation takes the
 * place of tanh, and of σ in the gates.
 */
final class GruTraining extends TrainingCell {
  private final Function activation;
  private final Function gate;
  private final boolean resetAfter;
  /** The gates that the state reaches first: z, r and, with {@code reset_after}, the candidate. */
  private final PackedWeights[] recurrentKernel;
  private final PackedWeights[] recurrentBack;
  /** The candidate's own part of the recurrent kernel, without {@code reset_after}. */
  private final PackedWeights candidate;
  private final PackedWeights candidateBack;
  private final WeightGradient[] inputSums;
  private final WeightGradient[] recurrentSums;
  private final WeightGradient candidateSums;
  /** Columns of the recurrent kernel that one of its products has. */
  private final int reachedColumns;
  /** The group whose mask the candidate's part of the state has. */
  private final int candidateGroup;
  private final int reachedStride;
  /** Pre-activations with the state's part added: z_z, z_r, z_nh; then their gradients. Without {@code reset_after}: z_z, z_r alone. */
  private float[] reached = {};
  /** r . h, without {@code reset_after}. */
  private float[] reset = {};
  /** z_n with the width of its product, without {@code reset_after}; then d(r . h). */
  private float[] zn = {};
  /** The pre-activations, kept only if a derivative needs them. */
  private float[] preActivation = {};
  private final float[] start;

  GruTraining(GRU layer, TrainingOpContext context) {
    super(layer, context, 3);
    activation = Functions.of(layer.activation());
    gate = Functions.of(layer.recurrentActivation());
    resetAfter = layer.resetAfter();
    int gates = resetAfter ? 3 : 2;
    int products = groups == 1 ? 1 : gates;
    reachedColumns = gates * units / products;
    candidateGroup = groups - 1;
    recurrentKernel = panels(products, reachedColumns, units);
    recurrentBack = panels(products, units, reachedColumns);
    candidate = resetAfter ? null : PackedWeights.fillable(units, units);
    candidateBack = resetAfter ? null : PackedWeights.fillable(units, units);
    inputSums = new WeightGradient[groups];
    Arrays.setAll(inputSums, g -> new WeightGradient(bias, groupColumns, inputs));
    recurrentSums = new WeightGradient[products];
    Arrays.setAll(recurrentSums, g -> new WeightGradient(bias && resetAfter, reachedColumns, units));
    candidateSums = resetAfter ? null : new WeightGradient(false, units, units);
    reachedStride = products * PackedWeights.denseOutputLength(reachedColumns);
    start = new float[3 * units];
  }

  @Override
  void ensure(TrainingBatch batch, int cells) {
    super.ensure(batch, cells);
    reached = Buffers.grown(reached, cells, reachedStride);
    if (!resetAfter) {
      reset = Buffers.grown(reset, cells, stride);
      zn = Buffers.grown(zn, cells, gradientStride);
    }
    if (activation.needsInput() || gate.needsInput()) {
      preActivation = Buffers.grown(preActivation, cells, gateStride);
    }
  }

  @Override
  int scratchFloats() {
    return 4 * gateWidth;
  }

  @Override
  void pack(float[] weights, int kernelAt, int recurrentAt, int biasAt) {
    super.pack(weights, kernelAt, recurrentAt, biasAt);
    if (bias) {
      System.arraycopy(weights, biasAt, start, 0, 3 * units);
      for (int j = 0; resetAfter && j < 2 * units; j++) {
        start[j] += weights[biasAt + 3 * units + j];
      }
      fillStart(start, 0);
      if (resetAfter) {
        System.arraycopy(weights, biasAt + 5 * units, start, 2 * units, units);
      }
    }
    for (int g = 0; g < recurrentKernel.length; g++) {
      recurrentKernel[g].fill(weights, recurrentAt + g * units, 3 * units, reachedColumns);
      recurrentBack[g].fillTransposed(weights, recurrentAt + g * units, 3 * units, units);
    }
    if (!resetAfter) {
      candidate.fill(weights, recurrentAt + 2 * units, 3 * units, units);
      candidateBack.fillTransposed(weights, recurrentAt + 2 * units, 3 * units, units);
    }
  }

  @Override
  void forward(Kernels k, int first, int from, int to, int count) {
    for (int row = 0; row < count; row++) {
      int at = (first + row) * reachedStride;
      System.arraycopy(z, (first + row) * gateStride, reached, at, 2 * gateWidth);
      if (resetAfter) {
        System.arraycopy(start, 2 * units, reached, at + 2 * gateWidth, units);
      }
    }
    state(k, recurrentKernel, from, first, count, reached, reachedStride);
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      System.arraycopy(reached, (first + row) * reachedStride, z, update, 2 * gateWidth);
      if (preActivation.length > 0) {
        System.arraycopy(z, update, preActivation, update, 2 * gateWidth);
      }
      gate.apply(k, z, update, units, scratch.tail);
      gate.apply(k, z, update + gateWidth, units, scratch.tail);
    }
    candidates(k, first, from, count);
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      int n = update + 2 * gateWidth;
      int old = (from + row) * stride;
      int next = (to + row) * stride;
      if (preActivation.length > 0) {
        System.arraycopy(z, n, preActivation, n, units);
      }
      activation.apply(k, z, n, units, scratch.tail);
      k.pairwise(Pairwise.COMPLEMENT_TIMES, units, z, update, z, n, h, next);
      k.pairwise(Pairwise.PLUS_TIMES, units, z, update, h, old, h, next);
    }
  }

  /** The candidates' pre-activations, where the input's part of them was. */
  private void candidates(Kernels k, int first, int from, int count) {
    for (int row = 0; row < count; row++) {
      int r = (first + row) * gateStride + gateWidth;
      int nh = (first + row) * reachedStride + 2 * gateWidth;
      int old = (from + row) * stride;
      if (resetAfter) {
        k.pairwise(Pairwise.PLUS_TIMES, units, z, r, reached, nh, z, r + gateWidth);
      } else {
        k.pairwise(Pairwise.TIMES, units, z, r, h, old, reset, (first + row) * stride);
        System.arraycopy(z, r + gateWidth, zn, (first + row) * gradientStride, units);
      }
    }
    if (!resetAfter) {
      scratch.c.set(zn, first * gradientStride, gradientStride);
      Rows kept = stateDropout.keep(candidateGroup, scratch.a.set(reset, first * stride, stride), first, count, scratch.d);
      k.matmul(candidate, count, scratch.c, kept, null, scratch.c);
      for (int row = 0; row < count; row++) {
        System.arraycopy(zn, (first + row) * gradientStride, z, (first + row) * gateStride + 2 * gateWidth, units);
      }
    }
  }

  @Override
  void backward(Kernels k, int first, int from, int to, int row0, int count) {
    float[] d = scratch.row;
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      int r = update + gateWidth;
      int n = r + gateWidth;
      int old = (from + row) * stride;
      int at = (row0 + row) * gradientStride;
      int way = (first + row) * reachedStride;
      k.pairwise(Pairwise.MINUS, units, h, old, z, n, d, 0);
      k.pairwise(Pairwise.TIMES, units, dh, at, d, 0, d, 0);
      k.pairwise(Pairwise.COMPLEMENT_TIMES, units, z, update, dh, at, d, 2 * gateWidth);
      k.pairwise(Pairwise.TIMES, units, dh, at, z, update, dh, at);
      Derivatives.apply(k, gate, preActivation, z, update, d, 0, units);
      Derivatives.apply(k, activation, preActivation, z, n, d, 2 * gateWidth, units);
      System.arraycopy(d, 0, z, update, units);
      System.arraycopy(d, 2 * gateWidth, z, n, units);
      if (resetAfter) {
        k.pairwise(Pairwise.TIMES, units, d, 2 * gateWidth, reached, way + 2 * gateWidth, d, gateWidth);
        k.pairwise(Pairwise.TIMES, units, d, 2 * gateWidth, z, r, d, 3 * gateWidth);
        Derivatives.apply(k, gate, preActivation, z, r, d, gateWidth, units);
        System.arraycopy(d, gateWidth, z, r, units);
        System.arraycopy(d, 0, reached, way, 2 * gateWidth);
        System.arraycopy(d, 3 * gateWidth, reached, way + 2 * gateWidth, units);
      }
    }
    if (!resetAfter) {
      beforeReset(k, first, from, row0, count);
    }
  }

  /** Without {@code reset_after}: the reset gate's gradient comes back through the candidate's product. */
  private void beforeReset(Kernels k, int first, int from, int row0, int count) {
    float[] d = scratch.row;
    scratch.c.set(zn, first * gradientStride, gradientStride);
    k.matmul(candidateBack, count, null, scratch.b.set(z, first * gateStride + 2 * gateWidth, gateStride), null, scratch.c);
    stateDropout.scale(candidateGroup, row0, count, zn, first * gradientStride, gradientStride);
    for (int row = 0; row < count; row++) {
      int update = (first + row) * gateStride;
      int r = update + gateWidth;
      int old = (from + row) * stride;
      int back = (first + row) * gradientStride;
      int at = (row0 + row) * gradientStride;
      k.pairwise(Pairwise.TIMES, units, zn, back, h, old, d, 0);
      k.pairwise(Pairwise.PLUS_TIMES, units, zn, back, z, r, dh, at);
      Derivatives.apply(k, gate, preActivation, z, r, d, 0, units);
      System.arraycopy(d, 0, z, r, units);
      System.arraycopy(z, update, reached, (first + row) * reachedStride, 2 * gateWidth);
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
  void recurrentGradient(Kernels k, int first, int count, Rows to) {
    stateGradient(k, recurrentBack, reached, reachedStride, first, count, to);
  }

  @Override
  void ensureSums(int cells) {
    for (WeightGradient sum : inputSums) {
      sum.ensure(cells);
    }
    for (WeightGradient sum : recurrentSums) {
      sum.ensure(cells);
    }
    if (!resetAfter) {
      candidateSums.ensure(cells);
    }
  }

  @Override
  void gradients(Kernels k, Rows x, int slot, int from, int to, float[] gradient, int kernelAt, int recurrentAt,
      int biasAt) {
    for (int g = 0; g < inputSums.length; g++) {
      WeightGradient sum = inputSums[g];
      sum.begin();
      sum.add(k, inputDropout.kept(g, x, from, scratch.d), null,
          scratch.b.set(z, from * gateStride + g * gateWidth, gateStride), steps, to - from, rows);
      sum.deliver(0, inputs, gradient, kernelAt + g * groupColumns, columns);
      if (bias) {
        sum.deliver(sum.biasRow(), 1, gradient, biasAt + g * groupColumns, 0);
      }
    }
    for (int g = 0; g < recurrentSums.length; g++) {
      WeightGradient sum = recurrentSums[g];
      Rows states = stateDropout.kept(g, scratch.a.set(h, (slot + from) * stride, stride), from, scratch.a);
      sum.begin();
      sum.add(k, states, null, scratch.b.set(reached, from * reachedStride + g * gateWidth, reachedStride), steps, to - from,
          rows);
      sum.deliver(0, units, gradient, recurrentAt + g * units, columns);
      if (bias && resetAfter) {
        sum.deliver(sum.biasRow(), 1, gradient, biasAt + columns + g * units, 0);
      }
    }
    if (!resetAfter) {
      Rows states = stateDropout.kept(candidateGroup, scratch.a.set(reset, from * stride, stride), from, scratch.a);
      candidateSums.begin();
      candidateSums.add(k, states, null, scratch.b.set(z, from * gateStride + 2 * gateWidth, gateStride), steps, to - from,
          rows);
      candidateSums.deliver(0, units, gradient, recurrentAt + 2 * units, columns);
    }
  }
}
