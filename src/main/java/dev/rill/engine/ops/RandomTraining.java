package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.layers.RandomLayer;
import dev.rill.tensor.CounterRandom;

/**
 * Draws a number for each element and changes the element by it. Which, is a function of (seed, layer, training call, row, step, unit), so
 * threads change nothing.
 */
abstract class RandomTraining extends StepwiseTraining {
  private final int place;
  private final Long seed;
  private final boolean active;

  /**
   * One that hands elements on where it is not active, or not in training.
   *
   * @param active whether numbers that are drawn change anything
   */
  RandomTraining(TrainingOpContext context, RandomLayer<?> layer, boolean active) {
    super(context);
    place = context.index();
    seed = layer.seed();
    this.active = active;
  }

  /** What becomes of an element. */
  abstract float value(float x, long stream, int step, int unit);

  /** What becomes of its gradient. */
  abstract float gradient(float g, long stream, int step, int unit);

  /** Whether rows share what is drawn. */
  boolean rowsShare() {
    return false;
  }

  final boolean draws() {
    return batch.training && active;
  }

  /** The place of an element in the stream of its row. */
  final long element(int step, int unit) {
    return (long) step * in.width + unit;
  }

  private long stream(int row) {
    // A seed of its own stands for the place, too: layers that share one draw alike.
    return CounterRandom.stream(seed != null ? seed : batch.seed, seed != null ? 0 : place, batch.call, rowsShare() ? 0 : batch.first + row);
  }

  @Override
  public final void forward(Kernels k) {
    for (int row = 0; row < batch.rows; row++) {
      long stream = stream(row);
      for (int t = 0; t < in.steps; t++) {
        int cell = t * batch.rows + row;
        for (int j = 0; j < in.width; j++) {
          float x = in.value[in.at + cell * in.stride + j];
          y[cell * stride + j] = draws() ? value(x, stream, t, j) : x;
        }
      }
    }
  }

  @Override
  public final void backward(Kernels k) {
    for (int row = 0; in.wanted && row < batch.rows; row++) {
      long stream = stream(row);
      for (int t = 0; t < in.steps; t++) {
        int cell = t * batch.rows + row;
        for (int j = 0; j < in.width; j++) {
          float g = out.gradient[cell * out.gradientStride + j];
          in.gradient[cell * in.gradientStride + j] += draws() ? gradient(g, stream, t, j) : g;
        }
      }
    }
  }
}
