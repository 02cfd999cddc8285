package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Planes;

/** Hands its input on. */
final class PassProgram extends Program {
  PassProgram(Wiring wiring) {
    super(wiring);
  }

  @Override
  long scratchFloats(Room room) {
    return 0;
  }

  @Override
  Object scratch(Room room) {
    return null;
  }

  @Override
  void run(Carrier k, Workspace ws, Planes state, int[] map, int rows) {
    Signal in = ws.signal(input);
    ws.signal(outputs[0]).set(in.data, in.at, in.stride, in.stepStride, in.steps);
  }
}
