package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import java.util.List;

/** Sequences one behind the other: {@link dev.rill.layers.Concatenate} on the time axis. */
final class ConcatenatedSteps {
  private ConcatenatedSteps() {}

  /** Copies the steps of one input behind those of another. */
  static final class Inference extends InferenceOp {
    private final int[] inputs;
    private final int width;

    Inference(OpContext context) {
      super(context);
      inputs = context.inputs();
      width = context.features();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return (long) capacity.cells() * width;
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new float[Math.toIntExact(scratchFloats(capacity))];
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView out = memory.view(outputs[0]);
      int steps = 0;
      for (int i : inputs) {
        steps += memory.view(i).steps;
      }
      out.set((float[]) memory.scratch(index), 0, steps * width, width, steps);
      int first = 0;
      for (int i : inputs) {
        memory.view(i).copy(out, rows, first, width);
        first += memory.view(i).steps;
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
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      int first = 0;
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        for (int t = 0; t < in.steps; t++, first++) {
          for (int row = from; row < to; row++) {
            System.arraycopy(in.value, in.at + (t * batch.rows + row) * in.stride, y, (first * batch.rows + row) * stride, in.width);
          }
        }
      }
    }

    @Override
    public void backward(Kernels k, int thread, int from, int to) {
      int first = 0;
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        for (int t = 0; t < in.steps; t++, first++) {
          for (int row = from; in.wanted && row < to; row++) {
            in.add(t * batch.rows + row, out, first * batch.rows + row, 0);
          }
        }
      }
    }
  }
}
