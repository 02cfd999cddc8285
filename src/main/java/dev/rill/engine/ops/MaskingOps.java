package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.Masking;
import java.util.Arrays;

/** Steps that are filled with one value do not count, and come out as zeros. */
public final class MaskingOps extends LayerOps {
  private final Masking layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public MaskingOps(Masking layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, (float) layer.value());
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, (float) layer.value());
  }

  /** Finds the steps that are filled with a value, and hands the others on. */
  private static final class Inference extends InferenceOp {
    private final float value;
    private final int width;
    private final int mask;

    Inference(OpContext context, float value) {
      super(context);
      this.value = value;
      width = context.features();
      mask = context.mask();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * (width + 1);
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new MaskedResults(Math.toIntExact(results(capacity)), width, true);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      MaskedResults s = (MaskedResults) memory.scratch(index);
      int cell = 0;
      for (int row = 0; row < rows; row++) {
        for (int step = 0; step < in.steps; step++, cell++) {
          int from = in.at + row * in.stride + step * in.stepStride;
          boolean counts = false;
          for (int j = 0; j < width && !counts; j++) {
            counts = in.data[from + j] != value;
          }
          s.mask[cell] = counts ? 1 : 0;
          for (int j = 0; j < width; j++) {
            s.out[cell * width + j] = counts ? in.data[from + j] : 0;
          }
        }
      }
      memory.view(outputs[0]).set(s.out, 0, in.steps * width, width, in.steps);
      memory.view(mask).set(s.mask, 0, in.steps, 1, in.steps);
    }
  }

  /** {@link Masking} in training: a masked step is zeros and hands no gradient on. */
  private static final class Training extends StepwiseTraining {
    private final float value;

    Training(TrainingOpContext context, float value) {
      super(context);
      this.value = value;
    }

    @Override
    public void ensure(TrainingBatch now) {
      super.ensure(now);
      out.mask.ensure(now.rows * in.steps);
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          int x = in.at + cell * in.stride;
          boolean counts = false;
          for (int j = 0; j < in.width && !counts; j++) {
            counts = in.value[x + j] != value;
          }
          out.mask.set(cell, counts);
          if (counts) {
            System.arraycopy(in.value, x, y, cell * stride, in.width);
          } else {
            Arrays.fill(y, cell * stride, cell * stride + in.width, 0);
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          if (out.mask.counts(cell)) {
            in.add(cell, out, cell, 0);
          }
        }
      }
    }
  }
}
