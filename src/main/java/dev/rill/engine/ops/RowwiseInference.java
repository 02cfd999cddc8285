package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/** Gives for each row and step as many numbers as it reads, from those alone. */
abstract class RowwiseInference extends InferenceOp {
  final int width;
  private final int stride;

  RowwiseInference(OpContext context) {
    super(context);
    width = context.features();
    stride = KernelChoice.padded(width);
  }

  /** One row at a step; up to {@link KernelChoice#PADDING} − 1 numbers behind it may be overwritten. */
  abstract void row(Kernels k, float[] x, int at, float[] y, int to, int step);

  @Override
  public final long scratchFloats(Capacity capacity) {
    return results(capacity) * stride;
  }

  @Override
  public final void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
    TensorView in = memory.view(input);
    float[] out = (float[]) memory.scratch(index);
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int step = 0; step < in.steps; step++, to += stride) {
        row(k, in.data, in.at + row * in.stride + step * in.stepStride, out, to, step);
      }
    }
    memory.view(outputs[0]).set(out, 0, in.steps * stride, stride, in.steps);
  }
}
