package dev.rill.engine.ops;

import dev.rill.layers.AlphaDropout;
import dev.rill.tensor.CounterRandom;

/**
 * Alpha dropout in training, nothing at inference. With {@code p} for SELU's lowest value and {@code r} for the rate an element x becomes
 * {@code a x + b}, or {@code a p + b} if it is dropped; {@code a = 1 / sqrt((1 - r) (1 + r p^2))} and {@code b = -a p r} keep mean and
 * variance (Klambauer 2017, equation 14).
 */
public final class AlphaDropoutOps extends LayerOps {
  /** {@code -alpha scale} of SELU. */
  private static final double LOWEST = -1.6732632423543772 * 1.0507009873554805;

  private final AlphaDropout layer;
  private final float slope;
  private final float shift;
  private final float dropped;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public AlphaDropoutOps(AlphaDropout layer) {
    this.layer = layer;
    double rate = layer.rate();
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

  private final class Training extends RandomTraining {
    Training(TrainingOpContext context) {
      super(context, layer, layer.rate() > 0);
    }

    private boolean keeps(long stream, int step, int unit) {
      return CounterRandom.unit(stream, element(step, unit)) >= layer.rate();
    }

    @Override
    float value(float x, long stream, int step, int unit) {
      return keeps(stream, step, unit) ? slope * x + shift : dropped;
    }

    @Override
    float gradient(float g, long stream, int step, int unit) {
      return keeps(stream, step, unit) ? slope * g : 0;
    }
  }
}
