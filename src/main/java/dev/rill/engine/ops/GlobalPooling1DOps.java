package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.GlobalPooling1D;
import java.util.Arrays;

/**
 * The largest values of whole sequences, or the means of the steps that count: sums in the order of the steps, divided by their
 * number.
 */
public final class GlobalPooling1DOps extends LayerOps {
  private final boolean max;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public GlobalPooling1DOps(GlobalPooling1D<?> layer) {
    max = layer.largest();
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, max);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, max);
  }

  /** Results begin below every value, or at zero. */
  private static void begin(boolean max, int width, float[] y, int to) {
    Arrays.fill(y, to, to + width, max ? Float.NEGATIVE_INFINITY : 0);
  }

  /** One result a row. */
  private static final class Inference extends InferenceOp {
    private final boolean max;
    private final int width;
    private final int mask;

    Inference(OpContext context, boolean max) {
      super(context);
      this.max = max;
      width = context.features();
      // Keras hands no mask to the largest value.
      mask = max ? -1 : context.masks()[0];
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return (long) capacity.rows() * width;
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      TensorView counts = mask < 0 ? null : memory.view(mask);
      float[] out = (float[]) memory.scratch(index);
      for (int row = 0; row < rows; row++) {
        int to = row * width;
        int count = 0;
        begin(max, width, out, to);
        for (int step = 0; step < in.steps; step++) {
          if (counts == null || counts.counts(row, step)) {
            PooledSteps.add(max, width, in.data, in.at + row * in.stride + step * in.stepStride, out, to);
            count++;
          }
        }
        PooledSteps.end(max, count, width, out, to);
      }
      memory.view(outputs[0]).set(out, 0, width, width, 1);
    }
  }

  /** In training the gradient is shared out: to all steps that have the largest value, or to all that count. */
  private static final class Training extends TrainingOp {
    private final GradientView in;
    private final GradientView out;
    private final StepMask mask;
    private final boolean max;
    private final int stride;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context, boolean max) {
      in = context.input(0);
      out = context.output(0);
      mask = context.mask();
      this.max = max;
      stride = KernelChoice.padded(in.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      y = Buffers.grown(y, now.rows, stride);
      out.set(y, 0, stride, 1);
    }

    private boolean counts(int step, int row) {
      return mask == null || mask.counts(step * batch.rows + row);
    }

    private int count(int row) {
      int count = 0;
      for (int step = 0; step < in.steps; step++) {
        count += counts(step, row) ? 1 : 0;
      }
      return count;
    }

    @Override
    public void forward(Kernels k) {
      for (int row = 0; row < batch.rows; row++) {
        begin(max, in.width, y, row * stride);
        for (int step = 0; step < in.steps; step++) {
          if (counts(step, row)) {
            PooledSteps.add(max, in.width, in.value, in.at + (step * batch.rows + row) * in.stride, y, row * stride);
          }
        }
        PooledSteps.end(max, count(row), in.width, y, row * stride);
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int row = 0; in.wanted && row < batch.rows; row++) {
        int count = count(row);
        for (int j = 0; j < in.width; j++) {
          int sharers = max ? 0 : count;
          for (int step = 0; max && step < in.steps; step++) {
            sharers += shares(step, row, j) ? 1 : 0;
          }
          float gradient = out.gradient[row * out.gradientStride + j] / sharers;
          for (int step = 0; step < in.steps; step++) {
            if (shares(step, row, j)) {
              in.gradient[(step * batch.rows + row) * in.gradientStride + j] += gradient;
            }
          }
        }
      }
    }

    private boolean shares(int step, int row, int feature) {
      return max ? in.value[in.at + (step * batch.rows + row) * in.stride + feature] == y[row * stride + feature]
          : counts(step, row);
    }
  }
}
