package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
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
   * what remains. Which, is a function of (seed, layer, training call, row, step, unit), so threads change nothing. An axis on
   * which the noise shape is 1 counts as its first element.
   */
  private static final class Training extends StepwiseTraining {
    private final int place;
    private final Dropout layer;
    private final double rate;
    private final int rank;
    /** Whether rows, steps and features share a fate. */
    private final boolean rowsShare;
    private final boolean stepsShare;
    private final boolean featuresShare;

    Training(TrainingOpContext context, Dropout layer) {
      super(context);
      place = context.index();
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
      if (drops()) {
        layer.check(now.rows, in.steps, rank);
      }
    }

    private float keep(long stream, int step, int unit) {
      int index = (stepsShare ? 0 : step * in.width) + (featuresShare ? 0 : unit);
      return CounterRandom.unit(stream, index) < rate ? 0 : (float) (1 / (1 - rate));
    }

    private long stream(int row) {
      boolean own = layer.seed() != null;
      // A seed of its own stands for the place, too: layers that share one drop alike.
      return CounterRandom.stream(own ? layer.seed() : batch.seed, own ? 0 : place, batch.call, rowsShare ? 0 : row);
    }

    private boolean drops() {
      return batch.training && rate > 0;
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      for (int row = from; row < to; row++) {
        long stream = stream(row);
        for (int t = 0; t < in.steps; t++) {
          int cell = t * batch.rows + row;
          for (int j = 0; j < in.width; j++) {
            float x = in.value[in.at + cell * in.stride + j];
            y[cell * stride + j] = drops() ? x * keep(stream, t, j) : x;
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
            in.gradient[cell * in.gradientStride + j] += drops() ? g * keep(stream, t, j) : g;
          }
        }
      }
    }
  }
}
