package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Kernels;
import dev.rill.tensor.CounterRandom;

/**
 * Dropout in training (Srivastava 2014, inverted as in Keras): an element is zero with the given probability, else divided by
 * what remains. Which, is a function of (seed, layer, training call, row, step, unit), so threads change nothing.
 */
final class DropoutTraining extends TrainingProgram {
  private final Flow in;
  private final Flow out;
  private final int layer;
  private final double rate;
  private final int stride;
  private Batch batch;
  private float[] y = {};

  DropoutTraining(TrainingWiring wiring, double rate) {
    in = wiring.input(0);
    out = wiring.output(0);
    layer = wiring.index();
    this.rate = rate;
    stride = Kernels.padded(in.width);
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    y = TrainingCell.room(y, now.rows * in.steps, stride);
    out.set(y, 0, stride, in.steps);
  }

  private float keep(long stream, int index) {
    return CounterRandom.unit(stream, index) < rate ? 0 : (float) (1 / (1 - rate));
  }

  private long stream(int row) {
    return CounterRandom.stream(batch.seed, layer, batch.call, row);
  }

  private boolean drops() {
    return batch.training && rate > 0;
  }

  @Override
  void forward(Carrier k, int thread, int from, int to) {
    for (int row = from; row < to; row++) {
      long stream = stream(row);
      for (int t = 0; t < in.steps; t++) {
        int cell = t * batch.rows + row;
        for (int j = 0; j < in.width; j++) {
          float x = in.value[in.at + cell * in.stride + j];
          y[cell * stride + j] = drops() ? x * keep(stream, t * in.width + j) : x;
        }
      }
    }
  }

  @Override
  void backward(Carrier k, int thread, int from, int to) {
    for (int row = from; in.wanted && row < to; row++) {
      long stream = stream(row);
      for (int t = 0; t < in.steps; t++) {
        int cell = t * batch.rows + row;
        for (int j = 0; j < in.width; j++) {
          float g = out.gradient[cell * out.gradientStride + j];
          in.gradient[cell * in.gradientStride + j] += drops() ? g * keep(stream, t * in.width + j) : g;
        }
      }
    }
  }
}
