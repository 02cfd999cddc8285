package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;
import java.util.Arrays;

/** {@link Masking} in training: a masked step is zeros and hands no gradient on. */
final class MaskingTraining extends TrainingOp {
  private final GradientView in;
  private final GradientView out;
  private final float value;
  private final int stride;
  private Batch batch;
  private float[] y = {};

  MaskingTraining(TrainingOpContext wiring, float value) {
    in = wiring.input(0);
    out = wiring.output(0);
    this.value = value;
    stride = KernelChoice.padded(in.width);
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    y = TrainingCell.room(y, now.rows * in.steps, stride);
    out.set(y, 0, stride, in.steps);
    out.mask.ensure(now.rows * in.steps);
  }

  @Override
  void forward(Kernels k, int thread, int from, int to) {
    for (int t = 0; t < in.steps; t++) {
      for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
        int x = in.at + cell * in.stride;
        boolean counts = false;
        for (int j = 0; j < in.width && !counts; j++) {
          counts = in.value[x + j] != value;
        }
        out.mask.set(cell, counts);
        if (counts) {
          System.arraycopy(in.value, x, y, cell * stride, in.width);
        } else {
          Arrays.fill(y, cell * stride, cell * stride + in.width, 0);
        }
      }
    }
  }

  @Override
  void backward(Kernels k, int thread, int from, int to) {
    for (int t = 0; in.wanted && t < in.steps; t++) {
      for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
        if (out.mask.counts(cell)) {
          in.add(cell, out, cell, 0);
        }
      }
    }
  }
}
