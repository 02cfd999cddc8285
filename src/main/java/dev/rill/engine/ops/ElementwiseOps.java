package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;

/** A layer whose every output is a function of the input at its place: one that says the function and its derivative. */
abstract class ElementwiseOps extends LayerOps {
  /** The output at one element. */
  abstract float value(float x);

  /** The derivative there, given input and output. */
  abstract float slope(float x, float y);

  /** Replaces a row by its outputs; up to {@link KernelChoice#PADDING} − 1 more may be overwritten. */
  void apply(Kernels k, float[] a, int at, int n) {
    for (int j = at; j < at + n; j++) {
      a[j] = value(a[j]);
    }
  }

  @Override
  public final InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public final TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private final class Inference extends RowwiseInference {
    Inference(OpContext context) {
      super(context);
    }

    @Override
    void row(Kernels k, float[] x, int at, float[] y, int to, int step) {
      System.arraycopy(x, at, y, to, width);
      apply(k, y, to, width);
    }
  }

  private final class Training extends StepwiseTraining {
    Training(TrainingOpContext context) {
      super(context, KernelChoice.PADDING);
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          System.arraycopy(in.value, in.at + cell * in.stride, y, cell * stride, in.width);
          // A row of y ends in padding that belongs to no other row.
          apply(k, y, cell * stride, in.width);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          int x = in.at + cell * in.stride;
          for (int j = 0; j < in.width; j++) {
            in.gradient[cell * in.gradientStride + j] +=
                out.gradient[cell * out.gradientStride + j] * slope(in.value[x + j], y[cell * stride + j]);
          }
        }
      }
    }
  }
}
