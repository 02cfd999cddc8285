package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;

/** {@link RepeatVector} in training: the gradient is the sum over the steps, in order. */
final class RepeatTraining extends TrainingOp {
  private final GradientView in;
  private final GradientView out;
  private final int times;
  private final int stride;
  private Batch batch;
  private float[] y = {};

  RepeatTraining(TrainingOpContext wiring, int times) {
    in = wiring.input(0);
    out = wiring.output(0);
    this.times = times;
    stride = KernelChoice.padded(in.width);
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    y = TrainingCell.room(y, Math.multiplyExact(now.rows, times), stride);
    out.set(y, 0, stride, times);
  }

  @Override
  void forward(Kernels k, int thread, int from, int to) {
    for (int t = 0; t < times; t++) {
      for (int row = from; row < to; row++) {
        System.arraycopy(in.value, in.at + row * in.stride, y, (t * batch.rows + row) * stride, in.width);
      }
    }
  }

  @Override
  void backward(Kernels k, int thread, int from, int to) {
    for (int t = 0; in.wanted && t < times; t++) {
      for (int row = from; row < to; row++) {
        in.add(row, out, t * batch.rows + row, 0);
      }
    }
  }
}
