package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/** Hands its input on. */
final class PassProgram extends InferenceOp {
  PassProgram(OpContext wiring) {
    super(wiring);
  }

  @Override
  long scratchFloats(Capacity room) {
    return 0;
  }

  @Override
  Object scratch(Capacity room) {
    return null;
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    TensorView in = ws.signal(input);
    ws.signal(outputs[0]).set(in.data, in.at, in.stride, in.stepStride, in.steps);
  }
}
