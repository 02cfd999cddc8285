package dev.rill.engine.ops;

import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.layers.ActivationFunction;

/** A function of each element, or of each row. */
public final class ActivationOps extends LayerOps {
  private final Function function;

  /**
   * What runs of a layer.
   *
   * @param activation what it applies
   */
  public ActivationOps(ActivationFunction activation) {
    function = Functions.of(activation);
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, function);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, function);
  }

  /** Applies a function to a copy of its input. */
  private static final class Inference extends RowwiseInference {
    private final Function function;

    Inference(OpContext context, Function function) {
      super(context);
      this.function = function;
    }

    @Override
    void row(Kernels k, float[] x, int at, float[] y, int to, int step) {
      System.arraycopy(x, at, y, to, width);
      function.apply(k, y, to, width);
    }
  }

  /** An activation layer in training. */
  private static final class Training extends StepwiseTraining {
    private final Function function;
    private final int width;
    private float[] before = {};

    Training(TrainingOpContext context, Function function) {
      super(context, KernelChoice.PADDING);
      this.function = function;
      width = in.width;
      out.keepsInput = true;
      out.function = function;
    }

    @Override
    public void ensure(TrainingBatch now) {
      super.ensure(now);
      before = Buffers.grown(before, now.rows * in.steps, stride);
      out.before = before;
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int row = t * batch.rows; row < (t + 1) * batch.rows; row++) {
          System.arraycopy(in.value, in.at + row * in.stride, y, row * stride, width);
          System.arraycopy(y, row * stride, before, row * stride, width);
          // A row of y ends in padding that belongs to no other row.
          function.apply(k, y, row * stride, width);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < in.steps; t++) {
        for (int row = t * batch.rows; row < (t + 1) * batch.rows; row++) {
          out.differentiate(k, row);
          in.add(row, out, row, 0);
        }
      }
    }
  }
}
