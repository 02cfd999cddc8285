package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.RepeatVector;

/** The same place at every step. */
public final class RepeatVectorOps extends LayerOps {
  private final RepeatVector layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public RepeatVectorOps(RepeatVector layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer.times());
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer.times());
  }

  /** Lets every step read the same place. */
  private static final class Inference extends ViewInference {
    private final int times;

    Inference(OpContext context, int times) {
      super(context);
      this.times = times;
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      memory.view(outputs[0]).set(in.data, in.at, in.stride, 0, times);
    }
  }

  /** {@link RepeatVector} in training: the gradient is the sum over the steps, in order. */
  private static final class Training extends TrainingOp {
    private final GradientView in;
    private final GradientView out;
    private final int times;
    private final int stride;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context, int times) {
      in = context.input(0);
      out = context.output(0);
      this.times = times;
      stride = KernelChoice.padded(in.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      y = Buffers.grown(y, Math.multiplyExact(now.rows, times), stride);
      out.set(y, 0, stride, times);
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < times; t++) {
        for (int row = 0; row < batch.rows; row++) {
          System.arraycopy(in.value, in.at + row * in.stride, y, (t * batch.rows + row) * stride, in.width);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < times; t++) {
        for (int row = 0; row < batch.rows; row++) {
          in.add(row, out, t * batch.rows + row, 0);
        }
      }
    }
  }
}
