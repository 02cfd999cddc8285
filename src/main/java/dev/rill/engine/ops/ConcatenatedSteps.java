package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import java.util.List;

/** Sequences one behind the other: {@link dev.rill.layers.Concatenate} on the time axis. */
final class ConcatenatedSteps {
  private ConcatenatedSteps() {}

  /** Copies the steps of one input behind those of another, and masks likewise. */
  static final class Inference extends InferenceOp {
    private final int[] inputs;
    private final int[] masks;
    private final int width;
    private final int mask;

    Inference(OpContext context) {
      super(context);
      inputs = context.inputs();
      masks = context.masks();
      width = context.features();
      mask = context.mask();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return (long) capacity.cells() * (width + (mask < 0 ? 0 : 1));
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new MaskedResults(capacity.cells(), width, mask >= 0);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      MaskedResults s = (MaskedResults) memory.scratch(index);
      TensorView out = memory.view(outputs[0]);
      int steps = 0;
      for (int i : inputs) {
        steps += memory.view(i).steps;
      }
      out.set(s.out, 0, steps * width, width, steps);
      if (mask >= 0) {
        memory.view(mask).set(s.mask, 0, steps, 1, steps);
      }
      int first = 0;
      for (int i = 0; i < inputs.length; i++) {
        TensorView in = memory.view(inputs[i]);
        in.copy(out, rows, first, width);
        for (int row = 0; mask >= 0 && row < rows; row++) {
          for (int step = 0; step < in.steps; step++) {
            s.mask[row * steps + first + step] = masks[i] < 0 || memory.view(masks[i]).counts(row, step) ? 1 : 0;
          }
        }
        first += in.steps;
      }
    }
  }

  /** The same in training. */
  static final class Training extends TrainingOp {
    private final List<GradientView> inputs;
    private final GradientView out;
    private final int stride;
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
      int steps = 0;
      for (int i = 0; i < inputs.size(); i++) {
        steps = Math.addExact(steps, inputs.get(i).steps);
      }
      y = Buffers.grown(y, Math.multiplyExact(now.rows, steps), stride);
      out.set(y, 0, stride, steps);
      if (out.mask != null) {
        out.mask.ensure(now.rows * steps);
      }
    }

    @Override
    public void forward(Kernels k) {
      int first = 0;
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        for (int t = 0; t < in.steps; t++, first++) {
          for (int row = 0; row < batch.rows; row++) {
            int cell = t * batch.rows + row;
            System.arraycopy(in.value, in.at + cell * in.stride, y, (first * batch.rows + row) * stride, in.width);
            if (out.mask != null) {
              out.mask.set(first * batch.rows + row, in.mask == null || in.mask.counts(cell));
            }
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      int first = 0;
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        for (int t = 0; t < in.steps; t++, first++) {
          for (int row = 0; in.wanted && row < batch.rows; row++) {
            in.add(t * batch.rows + row, out, first * batch.rows + row, 0);
          }
        }
      }
    }
  }
}
