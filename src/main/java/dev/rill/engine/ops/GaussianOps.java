package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.layers.GaussianDropout;
import dev.rill.layers.GaussianNoise;
import dev.rill.tensor.CounterRandom;

/**
 * Normal noise in training, added or multiplied; nothing at inference. Which number an element meets is a function of (seed, layer,
 * training call, row, step, unit), so threads change nothing.
 */
public final class GaussianOps extends LayerOps {
  private final double deviation;
  private final boolean factor;
  private final Long seed;

  /**
   * Noise that is added.
   *
   * @param layer its description
   */
  public GaussianOps(GaussianNoise layer) {
    deviation = layer.deviation();
    factor = false;
    seed = layer.seed();
  }

  /**
   * Noise of mean 1 that is multiplied.
   *
   * @param layer its description
   */
  public GaussianOps(GaussianDropout layer) {
    deviation = Math.sqrt(layer.rate() / (1 - layer.rate()));
    factor = true;
    seed = layer.seed();
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

    private boolean on() {
      return batch.training && deviation > 0;
    }

    private long stream(int row) {
      // A seed of its own stands for the place, too: layers that share one have the same noise.
      return CounterRandom.stream(seed != null ? seed : batch.seed, seed != null ? 0 : place, batch.call, row);
    }

    private float noise(long stream, int step, int unit) {
      return (float) (deviation * CounterRandom.normal(stream, (long) step * in.width + unit) + (factor ? 1 : 0));
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      for (int row = from; row < to; row++) {
        long stream = stream(row);
        for (int t = 0; t < in.steps; t++) {
          int cell = t * batch.rows + row;
          for (int j = 0; j < in.width; j++) {
            float x = in.value[in.at + cell * in.stride + j];
            float noise = on() ? noise(stream, t, j) : factor ? 1 : 0;
            y[cell * stride + j] = factor ? x * noise : x + noise;
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
            in.gradient[cell * in.gradientStride + j] += factor && on() ? g * noise(stream, t, j) : g;
          }
        }
      }
    }
  }
}
