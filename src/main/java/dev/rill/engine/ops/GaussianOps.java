package dev.rill.engine.ops;

import dev.rill.layers.GaussianDropout;
import dev.rill.layers.GaussianNoise;
import dev.rill.layers.RandomLayer;
import dev.rill.tensor.CounterRandom;

/** Normal noise in training, added or multiplied; nothing at inference. */
public final class GaussianOps extends LayerOps {
  private final double deviation;
  private final boolean factor;
  private final RandomLayer<?> layer;

  /**
   * Noise that is added.
   *
   * @param layer its description
   */
  public GaussianOps(GaussianNoise layer) {
    deviation = layer.deviation();
    factor = false;
    this.layer = layer;
  }

  /**
   * Noise of mean 1 that is multiplied.
   *
   * @param layer its description
   */
  public GaussianOps(GaussianDropout layer) {
    deviation = Math.sqrt(layer.rate() / (1 - layer.rate()));
    factor = true;
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new PassInference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private final class Training extends RandomTraining {
    Training(TrainingOpContext context) {
      super(context, layer, deviation > 0);
    }

    private float noise(long stream, int step, int unit) {
      return (float) (deviation * CounterRandom.normal(stream, element(step, unit)) + (factor ? 1 : 0));
    }

    @Override
    float value(float x, long stream, int step, int unit) {
      float noise = noise(stream, step, unit);
      return factor ? x * noise : x + noise;
    }

    @Override
    float gradient(float g, long stream, int step, int unit) {
      return factor ? g * noise(stream, step, unit) : g;
    }
  }
}
