package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;

/**
 * {@link Embedding} in training. A row of the table gets the sum of the gradients of every step that read it, t ascending, then
 * row; threads share out the columns.
 */
final class EmbeddingTraining extends TrainingOp {
  private final Embedding layer;
  private final GradientView in;
  private final GradientView out;
  private final int units;
  private final int stride;
  private final int tableAt;
  private Batch batch;
  private float[] weights;
  private float[] y = {};

  EmbeddingTraining(TrainingOpContext wiring, Embedding layer) {
    this.layer = layer;
    in = wiring.input(0);
    out = wiring.output(0);
    units = layer.units();
    stride = KernelChoice.padded(units);
    tableAt = wiring.at(0);
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    y = TrainingCell.room(y, now.rows * in.steps, stride);
    out.set(y, 0, stride, in.steps);
    if (layer.maskZero()) {
      out.mask.ensure(now.rows * in.steps);
    }
  }

  @Override
  void pack(float[] all) {
    weights = all;
  }

  private float id(int cell) {
    return in.value[in.at + cell * in.stride];
  }

  private int row(int cell) {
    return tableAt + (int) id(cell) * units;
  }

  @Override
  void forward(Kernels k, int thread, int from, int to) {
    for (int t = 0; t < in.steps; t++) {
      for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
        System.arraycopy(weights, row(cell), y, cell * stride, units);
        if (layer.maskZero()) {
          out.mask.set(cell, id(cell) != 0);
        }
      }
    }
  }

  /** An id has no gradient. */
  @Override
  void backward(Kernels k, int thread, int from, int to) {}

  @Override
  void gradients(Kernels k, int thread, float[] gradient) {
    int from = units * thread / batch.threads;
    int to = units * (thread + 1) / batch.threads;
    for (int cell = 0; cell < in.steps * batch.rows; cell++) {
      int row = row(cell);
      for (int j = from; j < to; j++) {
        gradient[row + j] += out.gradient[cell * out.gradientStride + j];
      }
    }
  }
}
