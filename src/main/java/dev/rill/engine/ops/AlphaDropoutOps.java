package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.layers.AlphaDropout;
import dev.rill.tensor.CounterRandom;

/**
 * Alpha dropout in training, nothing at inference. With {@code p} for SELU's lowest value and {@code r} for the rate an element x becomes
 * {@code a x + b}, or {@code a p + b} if it is dropped; {@code a = 1 / sqrt((1 - r) (1 + r p^2))} and {@code b = -a p r} keep mean and
 * variance (Klambauer 2017, equation 14). Which are dropped is a function of (seed, layer, training call, row, step, unit), so threads
 * change nothing.
 */
public final class AlphaDropoutOps extends LayerOps {
  /** {@code -alpha scale} of SELU. */
  private static final double LOWEST = -1.6732632423543772 * 1.0507009873554805;

  private final double rate;
  private final Long seed;
  private final float slope;
  private final float shift;
  private final float dropped;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public AlphaDropoutOps(AlphaDropout layer) {
    rate = layer.rate();
    seed = layer.seed();
    double a = 1 / Math.sqrt((1 - rate) * (1 + rate * LOWEST * LOWEST));
    slope = (float) a;
    shift = (float) (-a * LOWEST * rate);
    dropped = (float) (a * LOWEST - a * LOWEST * rate);
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new PassInference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private final class Training extends StepwiseTraining {
    private final int place;

    Training(TrainingOpContext context) {
      super(context);
      place = context.index();
    }

    private boolean drops() {
      return batch.training && rate > 0;
    }

    private long stream(int row) {
      // A seed of its own stands for the place, too: layers that share one drop alike.
      return CounterRandom.stream(seed != null ? seed : batch.seed, seed != null ? 0 : place, batch.call, row);
    }

    private boolean keeps(long stream, int step, int unit) {
      return CounterRandom.unit(stream, (long) step * in.width + unit) >= rate;
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      for (int row = from; row < to; row++) {
        long stream = stream(row);
        for (int t = 0; t < in.steps; t++) {
          int cell = t * batch.rows + row;
          for (int j = 0; j < in.width; j++) {
            float x = in.value[in.at + cell * in.stride + j];
            y[cell * stride + j] = !drops() ? x : keeps(stream, t, j) ? slope * x + shift : dropped;
          }
        }
      }
    }

    @Override
    public void backward(Kernels k, int thread, int from, int to) {
      for (int row = from; in.wanted && row < to; row++) {
        long stream = stream(row);
        for (int t = 0; t < in.steps; t++) {
          int cell = t * batch.rows + row;
          for (int j = 0; j < in.width; j++) {
            float g = out.gradient[cell * out.gradientStride + j];
            in.gradient[cell * in.gradientStride + j] += !drops() ? g : keeps(stream, t, j) ? slope * g : 0;
          }
        }
      }
    }
  }
}
