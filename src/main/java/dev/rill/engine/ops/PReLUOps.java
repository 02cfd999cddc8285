package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.layers.PReLU;
import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.Arrays;

/** {@link PReLU}, as Keras computes it: {@code relu(x) - alpha relu(-x)}. */
public final class PReLUOps extends LayerOps {
  /** Without options: all that runs is in the variable's shape. */
  public PReLUOps() {}

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private static Spread spread(Shape input, Weights.Slice alpha, boolean sequence) {
    return new Spread(input, alpha.shape().toArray(), sequence);
  }

  private static float value(float x, float alpha) {
    return x > 0 ? x : alpha * x;
  }

  private static final class Inference extends RowwiseInference {
    private final Spread spread;
    private final float[] alpha;

    Inference(OpContext context) {
      super(context);
      Weights.Slice slice = context.slices().get(0);
      spread = spread(context.shapes().get(0), slice, context.sequence());
      alpha = Arrays.copyOfRange(context.weights(), slice.at(), slice.at() + slice.size());
    }

    @Override
    public long weightBytes() {
      return (long) Float.BYTES * alpha.length;
    }

    @Override
    void row(Kernels k, float[] x, int at, float[] y, int to, int step) {
      for (int j = 0; j < width; j++) {
        y[to + j] = value(x[at + j], alpha[spread.element(step, j)]);
      }
    }
  }

  /** In training: {@code dx = dy} above 0, else {@code alpha dy}; {@code dalpha = sum(x dy)} over what is not above 0. */
  private static final class Training extends StepwiseTraining {
    private final Weights.Slice slice;
    private final Spread spread;
    private final double[] sums;
    private float[] weights;

    Training(TrainingOpContext context) {
      super(context);
      slice = context.slices().get(0);
      spread = spread(context.shapes().get(0), slice, in.sequence);
      sums = new double[slice.size()];
    }

    @Override
    public void pack(float[] all) {
      weights = all;
    }

    private float alpha(int step, int j) {
      return weights[slice.at() + spread.element(step, j)];
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          for (int j = 0; j < in.width; j++) {
            y[cell * stride + j] = value(in.value[in.at + cell * in.stride + j], alpha(t, j));
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
            in.gradient[cell * in.gradientStride + j] += in.value[in.at + cell * in.stride + j] > 0 ? g : alpha(t, j) * g;
          }
        }
      }
    }

    /** Over time, then rows, in double. */
    @Override
    public void gradients(Kernels k, int from, int to, float[] gradient) {
      Arrays.fill(sums, 0);
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
          for (int j = 0; j < in.width; j++) {
            float x = in.value[in.at + cell * in.stride + j];
            sums[spread.element(t, j)] += x > 0 ? 0 : (double) x * out.gradient[cell * out.gradientStride + j];
          }
        }
      }
      for (int j = 0; j < sums.length; j++) {
        gradient[slice.at() + j] += (float) sums[j];
      }
    }
  }
}
