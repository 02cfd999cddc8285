package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.StepSelection;
import java.util.Arrays;

/** Steps of the input in another order or number, and zeros between them. */
public final class StepSelectionOps extends LayerOps {
  private final StepSelection layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public StepSelectionOps(StepSelection layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer);
  }

  private static void copy(float[] x, int from, int width, boolean zeros, float[] y, int to) {
    if (zeros) {
      Arrays.fill(y, to, to + width, 0);
    } else {
      System.arraycopy(x, from, y, to, width);
    }
  }

  /** Copies steps one behind the other. */
  private static final class Inference extends InferenceOp {
    private final StepSelection layer;
    private final int width;

    Inference(OpContext context, StepSelection layer) {
      super(context);
      this.layer = layer;
      width = context.features();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * width;
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      float[] out = (float[]) memory.scratch(index);
      int read = in.steps;
      int steps = layer.count(read);
      for (int row = 0, to = 0; row < rows; row++) {
        for (int t = 0; t < steps; t++, to += width) {
          int source = layer.source(t, read);
          copy(in.data, in.at + row * in.stride + source * in.stepStride, width, source < 0, out, to);
        }
      }
      memory.view(outputs[0]).set(out, 0, steps * width, width, steps);
    }
  }

  /** In training every copy adds its gradient to the step that it is of. */
  private static final class Training extends TrainingOp {
    private final GradientView in;
    private final GradientView out;
    private final StepSelection layer;
    private final int stride;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context, StepSelection layer) {
      in = context.input(0);
      out = context.output(0);
      this.layer = layer;
      stride = KernelChoice.padded(in.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      int steps = layer.count(in.steps);
      y = Buffers.grown(y, Math.multiplyExact(now.rows, steps), stride);
      out.set(y, 0, stride, steps);
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < out.steps; t++) {
        int source = layer.source(t, in.steps);
        for (int row = 0; row < batch.rows; row++) {
          copy(in.value, in.at + (source * batch.rows + row) * in.stride, in.width, source < 0, y, (t * batch.rows + row) * stride);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < out.steps; t++) {
        int source = layer.source(t, in.steps);
        for (int row = 0; source >= 0 && row < batch.rows; row++) {
          in.add(source * batch.rows + row, out, t * batch.rows + row, 0);
        }
      }
    }
  }
}
