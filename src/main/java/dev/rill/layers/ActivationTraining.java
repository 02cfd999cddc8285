package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;

/** An activation layer in training. */
final class ActivationTraining extends TrainingOp {
  private final GradientView in;
  private final GradientView out;
  private final Function function;
  private final int width;
  private final int stride;
  private Batch batch;
  private float[] y = {};
  private float[] before = {};

  ActivationTraining(TrainingOpContext wiring, Function function) {
    in = wiring.input(0);
    out = wiring.output(0);
    this.function = function;
    width = in.width;
    stride = KernelChoice.padded(width) + KernelChoice.PADDING;
    out.keepsInput = true;
    out.function = function;
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    y = TrainingCell.room(y, now.rows * in.steps, stride);
    before = TrainingCell.room(before, now.rows * in.steps, stride);
    out.set(y, 0, stride, in.steps);
    out.before = before;
  }

  @Override
  void forward(Kernels k, int thread, int from, int to) {
    for (int t = 0; t < in.steps; t++) {
      for (int row = t * batch.rows + from; row < t * batch.rows + to; row++) {
        System.arraycopy(in.value, in.at + row * in.stride, y, row * stride, width);
        System.arraycopy(y, row * stride, before, row * stride, width);
        // A row of y ends in padding that belongs to no other row.
        function.apply(k, y, row * stride, width);
      }
    }
  }

  @Override
  void backward(Kernels k, int thread, int from, int to) {
    for (int t = 0; in.wanted && t < in.steps; t++) {
      for (int row = t * batch.rows + from; row < t * batch.rows + to; row++) {
        out.differentiate(k, row);
        in.add(row, out, row, 0);
      }
    }
  }
}
