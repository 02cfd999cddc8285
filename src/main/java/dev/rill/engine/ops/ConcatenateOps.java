package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.Concatenate;
import java.util.List;

/** Inputs side by side, and their masks joined. */
public final class ConcatenateOps extends LayerOps {
  private final Concatenate layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public ConcatenateOps(Concatenate layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return layer.joinsTime(context.shapes().get(0).rank()) ? new ConcatenatedSteps.Inference(context) : new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return layer.joinsTime(context.shapes().get(0).rank()) ? new ConcatenatedSteps.Training(context) : new Training(context);
  }

  /** Copies inputs side by side, and joins their masks. */
  private static final class Inference extends InferenceOp {
    private final int[] inputs;
    private final int[] masks;
    private final int[] widths;
    private final int width;
    private final int mask;

    Inference(OpContext context) {
      super(context);
      inputs = context.inputs();
      masks = context.masks();
      mask = context.mask();
      widths = new int[inputs.length];
      int sum = 0;
      for (int i = 0; i < widths.length; i++) {
        widths[i] = context.widths()[i];
        sum += widths[i];
      }
      width = sum;
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * (width + (mask < 0 ? 0 : 1));
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new MaskedResults(Math.toIntExact(results(capacity)), width, mask >= 0);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      MaskedResults s = (MaskedResults) memory.scratch(index);
      int steps = memory.view(input).steps;
      int to = 0;
      for (int i = 0; i < inputs.length; i++) {
        TensorView in = memory.view(inputs[i]);
        for (int cell = 0; cell < rows * steps; cell++) {
          System.arraycopy(in.data, in.at + cell / steps * in.stride + cell % steps * in.stepStride, s.out,
              cell * width + to, widths[i]);
        }
        to += widths[i];
      }
      memory.view(outputs[0]).set(s.out, 0, steps * width, width, steps);
      if (mask >= 0) {
        memory.join(masks, rows, steps, s.mask);
        memory.view(mask).set(s.mask, 0, steps, 1, steps);
      }
    }
  }

  /** {@link Concatenate} in training. */
  private static final class Training extends TrainingOp {
    private final List<GradientView> inputs;
    private final GradientView out;
    private final int stride;
    private int steps;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context) {
      inputs = context.inputs();
      out = context.output(0);
      stride = KernelChoice.padded(out.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      steps = inputs.get(0).steps;
      y = Buffers.grown(y, now.rows * steps, stride);
      out.set(y, 0, stride, steps);
      if (out.mask != null) {
        out.mask.ensure(now.rows * steps);
      }
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          int at = cell * stride;
          boolean counts = false;
          for (int i = 0; i < inputs.size(); i++) {
            GradientView in = inputs.get(i);
            System.arraycopy(in.value, in.at + cell * in.stride, y, at, in.width);
            at += in.width;
            counts |= in.mask == null || in.mask.counts(cell);
          }
          if (out.mask != null) {
            out.mask.set(cell, counts);
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; t < steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          int at = 0;
          for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).wanted) {
              inputs.get(i).add(cell, out, cell, at);
            }
            at += inputs.get(i).width;
          }
        }
      }
    }
  }
}
