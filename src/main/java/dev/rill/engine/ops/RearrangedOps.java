package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.Rearranged;

/** The numbers of a row in another arrangement. */
public final class RearrangedOps extends LayerOps {
  private final Rearranged layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public RearrangedOps(Rearranged layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer.order(context.shapes().get(0)));
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer.order(context.shapes().get(0)));
  }

  /** A view where the order stays and a row lies in one piece, else a copy. */
  private static final class Inference extends InferenceOp {
    private final int[] order;
    private final int inWidth;
    private final int size;
    private final int steps;

    Inference(OpContext context, int[] order) {
      super(context);
      this.order = order;
      inWidth = context.features();
      size = Rearranged.size(context.shapes().get(0));
      steps = context.outputSteps();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return (long) capacity.rows() * size;
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      if (order == null && (in.steps == 1 || in.stepStride == inWidth)) {
        memory.view(outputs[0]).set(in.data, in.at, in.stride, size / steps, steps);
        return;
      }
      float[] out = (float[]) memory.scratch(index);
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < size; i++) {
          int from = order == null ? i : order[i];
          out[row * size + i] = in.data[in.at + row * in.stride + from / inWidth * in.stepStride + from % inWidth];
        }
      }
      memory.view(outputs[0]).set(out, 0, size, size / steps, steps);
    }
  }

  private static final class Training extends TrainingOp {
    private final GradientView in;
    private final GradientView out;
    private final int[] order;
    private final int size;
    private final int stride;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context, int[] order) {
      in = context.input(0);
      out = context.output(0);
      this.order = order;
      size = Rearranged.size(context.shapes().get(0));
      stride = KernelChoice.padded(out.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      int steps = size / out.width;
      y = Buffers.grown(y, now.rows * steps, stride);
      out.set(y, 0, stride, steps);
    }

    private int place(int i) {
      return order == null ? i : order[i];
    }

    @Override
    public void forward(Kernels k) {
      for (int row = 0; row < batch.rows; row++) {
        for (int i = 0; i < size; i++) {
          int x = place(i);
          y[(i / out.width * batch.rows + row) * stride + i % out.width] =
              in.value[in.at + (x / in.width * batch.rows + row) * in.stride + x % in.width];
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int row = 0; in.wanted && row < batch.rows; row++) {
        for (int i = 0; i < size; i++) {
          int x = place(i);
          in.gradient[(x / in.width * batch.rows + row) * in.gradientStride + x % in.width] +=
              out.gradient[(i / out.width * batch.rows + row) * out.gradientStride + i % out.width];
        }
      }
    }
  }
}
