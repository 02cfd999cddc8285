package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.layers.Normalization;
import dev.rill.tensor.Shape;

/** {@link Normalization}, rounded after each operation as in Keras. */
public final class NormalizationOps extends LayerOps {
  /** What the square root of a variance is at least. */
  private static final float LEAST = 1e-7f;

  private final Normalization layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public NormalizationOps(Normalization layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private Spread spread(Shape input, boolean sequence) {
    return new Spread(input, layer.spread(input), sequence);
  }

  /** A mean, given or of the variable that begins at some index. */
  private float mean(float[] weights, int at, int element) {
    return layer.given() ? (float) layer.mean(element) : weights[at + element];
  }

  /** The square root of a variance. */
  private float deviation(float[] weights, int at, int element) {
    float variance = layer.given() ? (float) layer.variance(element) : weights[at + element];
    return Math.max((float) Math.sqrt(variance), LEAST);
  }

  private int size(Shape input) {
    int size = 1;
    for (int axis : layer.spread(input)) {
      size *= axis;
    }
    return size;
  }

  private float value(float x, float mean, float deviation) {
    return layer.invert() ? mean + x * deviation : (x - mean) / deviation;
  }

  private final class Inference extends RowwiseInference {
    private final Spread spread;
    private final float[] mean;
    private final float[] deviation;

    Inference(OpContext context) {
      super(context);
      Shape shape = context.shapes().get(0);
      spread = spread(shape, context.sequence());
      mean = new float[size(shape)];
      deviation = new float[mean.length];
      boolean given = layer.given();
      for (int i = 0; i < mean.length; i++) {
        mean[i] = mean(context.weights(), given ? 0 : context.at(0), i);
        deviation[i] = deviation(context.weights(), given ? 0 : context.at(1), i);
      }
    }

    @Override
    public long weightBytes() {
      return (long) Float.BYTES * (mean.length + deviation.length);
    }

    @Override
    void row(Kernels k, float[] x, int at, float[] y, int to, int step) {
      for (int j = 0; j < width; j++) {
        int element = spread.element(step, j);
        y[to + j] = value(x[at + j], mean[element], deviation[element]);
      }
    }
  }

  private final class Training extends StepwiseTraining {
    private final TrainingOpContext context;
    private final Spread spread;
    private final int size;
    private final float[] mean;
    private final float[] deviation;

    Training(TrainingOpContext context) {
      super(context);
      this.context = context;
      spread = spread(context.shapes().get(0), in.sequence);
      size = size(context.shapes().get(0));
      mean = new float[size];
      deviation = new float[size];
    }

    @Override
    public void pack(float[] all) {
      // Training changes neither, but weights may be set between batches.
      for (int i = 0; i < size; i++) {
        mean[i] = mean(all, context.at(0), i);
        deviation[i] = deviation(all, context.at(1), i);
      }
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          for (int j = 0; j < in.width; j++) {
            int element = spread.element(t, j);
            y[cell * stride + j] = value(in.value[in.at + cell * in.stride + j], mean[element], deviation[element]);
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          for (int j = 0; j < in.width; j++) {
            float g = out.gradient[cell * out.gradientStride + j];
            float d = deviation[spread.element(t, j)];
            in.gradient[cell * in.gradientStride + j] += layer.invert() ? g * d : g / d;
          }
        }
      }
    }
  }
}
