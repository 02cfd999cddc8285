package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;
import java.util.List;

/** {@link Concatenate} in training. */
final class ConcatenateTraining extends TrainingOp {
  private final List<GradientView> inputs;
  private final GradientView out;
  private final int stride;
  private int steps;
  private Batch batch;
  private float[] y = {};

  ConcatenateTraining(TrainingOpContext wiring) {
    inputs = wiring.inputs();
    out = wiring.output(0);
    stride = KernelChoice.padded(out.width);
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    steps = inputs.get(0).steps;
    y = TrainingCell.room(y, now.rows * steps, stride);
    out.set(y, 0, stride, steps);
    if (out.mask != null) {
      out.mask.ensure(now.rows * steps);
    }
  }

  @Override
  void forward(Kernels k, int thread, int from, int to) {
    for (int t = 0; t < steps; t++) {
      for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
        int at = cell * stride;
        boolean counts = false;
        for (int i = 0; i < inputs.size(); i++) {
          GradientView in = inputs.get(i);
          System.arraycopy(in.value, in.at + cell * in.stride, y, at, in.width);
          at += in.width;
          counts |= in.mask == null || in.mask.counts(cell);
        }
        if (out.mask != null) {
          out.mask.set(cell, counts);
        }
      }
    }
  }

  @Override
  void backward(Kernels k, int thread, int from, int to) {
    for (int t = 0; t < steps; t++) {
      for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
        int at = 0;
        for (int i = 0; i < inputs.size(); i++) {
          if (inputs.get(i).wanted) {
            inputs.get(i).add(cell, out, cell, at);
          }
          at += inputs.get(i).width;
        }
      }
    }
  }
}
