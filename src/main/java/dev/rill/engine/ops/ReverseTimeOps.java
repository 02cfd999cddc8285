package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/** The steps of a sequence in the other order: at inference a view that runs backwards, so that nothing is copied. */
public final class ReverseTimeOps extends LayerOps {
  /** Nothing to say. */
  public ReverseTimeOps() {}

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private static final class Inference extends ViewInference {
    Inference(OpContext context) {
      super(context);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      memory.view(outputs[0]).set(in.data, in.at + (in.steps - 1) * in.stepStride, in.stride, -in.stepStride, in.steps);
    }
  }

  private static final class Training extends StepwiseTraining {
    Training(TrainingOpContext context) {
      super(context);
    }

    private int turned(int t, int row) {
      return (in.steps - 1 - t) * batch.rows + row;
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int row = 0; row < batch.rows; row++) {
          System.arraycopy(in.value, in.at + turned(t, row) * in.stride, y, (t * batch.rows + row) * stride, in.width);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < in.steps; t++) {
        for (int row = 0; row < batch.rows; row++) {
          in.add(turned(t, row), out, t * batch.rows + row, 0);
        }
      }
    }
  }
}
