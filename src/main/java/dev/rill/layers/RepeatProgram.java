package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Planes;

/** Lets every step read the same place. */
final class RepeatProgram extends Program {
  private final int times;

  RepeatProgram(Wiring wiring, int times) {
    super(wiring);
    this.times = times;
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
    ws.signal(outputs[0]).set(in.data, in.at, in.stride, 0, times);
  }
}
