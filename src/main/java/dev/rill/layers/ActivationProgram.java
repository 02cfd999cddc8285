package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Planes;

/** Applies a function to a copy of its input. */
final class ActivationProgram extends InferenceOp {
  private final Function function;
  private final int width;
  private final int stride;

  ActivationProgram(OpContext wiring, Function function) {
    super(wiring);
    this.function = function;
    width = wiring.features();
    stride = KernelChoice.padded(width);
  }

  @Override
  long scratchFloats(Capacity room) {
    return results(room) * stride;
  }

  @Override
  Object scratch(Capacity room) {
    return new float[Math.toIntExact(scratchFloats(room))];
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    TensorView in = ws.signal(input);
    float[] out = (float[]) ws.scratch(index);
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int step = 0; step < in.steps; step++, to += stride) {
        System.arraycopy(in.data, in.at + row * in.stride + step * in.stepStride, out, to, width);
        function.apply(k, out, to, width);
      }
    }
    ws.signal(outputs[0]).set(out, 0, in.steps * stride, stride, in.steps);
  }
}
