package dev.rill.engine.ops;

import dev.rill.layers.Dropout;
import dev.rill.tensor.CounterRandom;

/** Dropout: nothing at inference. */
public final class DropoutOps extends LayerOps {
  private final Dropout layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public DropoutOps(Dropout layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new PassInference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer);
  }

  /**
   * Dropout in training (Srivastava 2014, inverted as in Keras): an element is zero with the given probability, else divided by
   * what remains. An axis on which the noise shape is 1 counts as its first element.
   */
  private static final class Training extends RandomTraining {
    private final Dropout layer;
    private final double rate;
    private final int rank;
    /** Whether rows, steps and features share a fate. */
    private final boolean rowsShare;
    private final boolean stepsShare;
    private final boolean featuresShare;

    Training(TrainingOpContext context, Dropout layer) {
      super(context, layer, layer.rate() > 0);
      this.layer = layer;
      rate = layer.rate();
      rank = in.sequence ? 3 : 2;
      rowsShare = layer.shares(0, rank);
      stepsShare = in.sequence && layer.shares(1, rank);
      featuresShare = layer.shares(rank - 1, rank);
    }

    @Override
    public void ensure(TrainingBatch now) {
      super.ensure(now);
      if (draws()) {
        layer.check(now.all, in.steps, rank);
      }
    }

    private float keep(long stream, int step, int unit) {
      return CounterRandom.unit(stream, element(stepsShare ? 0 : step, featuresShare ? 0 : unit)) < rate ? 0 : (float) (1 / (1 - rate));
    }

    @Override
    boolean rowsShare() {
      return rowsShare;
    }

    @Override
    float value(float x, long stream, int step, int unit) {
      return x * keep(stream, step, unit);
    }

    @Override
    float gradient(float g, long stream, int step, int unit) {
      return g * keep(stream, step, unit);
    }
  }
}
