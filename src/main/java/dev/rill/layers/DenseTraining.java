package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;

/** A dense layer in training: {@code y = act(x @ W + b)}, {@code dz = dy . act'}, {@code dx = dz @ W^T}. */
final class DenseTraining extends TrainingOp {
  private final GradientView in;
  private final GradientView out;
  private final Function function;
  private final int units;
  private final int kernelAt;
  private final int biasAt;
  private final PackedWeights kernel;
  private final PackedWeights back;
  private final WeightGradient sums;
  private final int stride;
  private Batch batch;
  private TrainingCell.ThreadScratch[] lanes = {};
  private float[] y = {};
  private float[] before = {};

  DenseTraining(TrainingOpContext wiring, int units, Function function, boolean bias) {
    in = wiring.input(0);
    out = wiring.output(0);
    this.function = function;
    this.units = units;
    kernelAt = wiring.at(0);
    biasAt = bias ? wiring.at(1) : -1;
    kernel = PackedWeights.fillable(units, in.width);
    back = PackedWeights.fillable(in.width, units);
    sums = new WeightGradient(bias, units, in.width);
    stride = kernel.columns() + KernelChoice.PADDING;
    out.keepsInput = function.needsInput() || function == Function.SOFTMAX || function == Function.SIGMOID;
    out.function = function;
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    int cells = now.rows * in.steps;
    y = TrainingCell.room(y, cells, stride);
    if (out.keepsInput) {
      before = TrainingCell.room(before, cells, stride);
    }
    out.set(y, 0, stride, in.steps);
    out.before = before;
  }

  @Override
  long multiplyAdds() {
    return (long) in.steps * in.width * units;
  }

  @Override
  void shareOut() {
    lanes = TrainingCell.ThreadScratch.ensure(lanes, batch.threads, 0);
    sums.begin(batch.rows * in.steps, batch.threads);
  }

  @Override
  void pack(float[] weights) {
    kernel.fill(weights, kernelAt, units, units);
    if (biasAt >= 0) {
      kernel.fillStart(weights, biasAt, units);
    }
    if (in.wanted) {
      back.fillTransposed(weights, kernelAt, units, in.width);
    }
  }

  @Override
  void forward(Kernels k, int thread, int from, int to) {
    TrainingCell.ThreadScratch lane = lanes[thread];
    for (int t = 0; t < in.steps; t++) {
      int first = t * batch.rows + from;
      k.product(kernel, to - from, null, lane.a.set(in.value, in.at + first * in.stride, in.stride), null,
          lane.b.set(y, first * stride, stride));
      for (int row = first; row < first + to - from; row++) {
        if (out.keepsInput) {
          System.arraycopy(y, row * stride, before, row * stride, units);
        }
        function.apply(k, y, row * stride, units, lane.behind);
      }
    }
  }

  @Override
  void backward(Kernels k, int thread, int from, int to) {
    TrainingCell.ThreadScratch lane = lanes[thread];
    for (int t = 0; t < in.steps; t++) {
      int first = t * batch.rows + from;
      for (int row = first; row < first + to - from; row++) {
        out.differentiate(k, row);
      }
      if (in.wanted) {
        Rows dx = lane.c.set(in.gradient, first * in.gradientStride, in.gradientStride);
        k.product(back, to - from, dx, lane.a.set(out.gradient, first * out.gradientStride, out.gradientStride), null, dx);
      }
    }
  }

  @Override
  void gradients(Kernels k, int thread, float[] weightGradient) {
    TrainingCell.ThreadScratch lane = lanes[thread];
    sums.add(k, thread, lane.a.set(in.value, in.at, in.stride), null, batch.rows * in.steps,
        lane.b.set(out.gradient, 0, out.gradientStride));
    sums.deliver(thread, 0, in.width, weightGradient, kernelAt, units);
    if (biasAt >= 0) {
      sums.deliver(thread, sums.biasRow(), 1, weightGradient, biasAt, 0);
    }
  }
}
